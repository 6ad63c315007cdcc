"""The embedded servers start, share, survive and end, as real processes."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal

import psycopg
import pytest
import redis

from distportal.embedded import launcher
from tests.embedded.conftest import embedded, run, urls


def test_starters_at_once_agree_on_one_server_of_each_kind(state: pathlib.Path) -> None:
    starters = [embedded(state, "env") for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in starters]
    assert [process.returncode for process in starters] == [0, 0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    assert len(_servers(state)) == 3


def test_killed_servers_come_back_with_what_was_committed(state: pathlib.Path) -> None:
    found = urls(state)
    _execute(found, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    broker = redis.Redis.from_url(found["REDIS_URL"])
    broker.set("kept", "7")
    broker.execute_command("WAITAOF", 1, 0, 2000)
    for pid in _servers(state):
        os.kill(pid, signal.SIGKILL)
    assert urls(state) == found
    assert _execute(found, "SELECT n FROM kept") == [(7,)]
    assert redis.Redis.from_url(found["REDIS_URL"]).get("kept") == b"7"


def test_a_pid_file_that_names_another_living_process_is_no_obstacle(state: pathlib.Path) -> None:
    found = urls(state)
    data = pathlib.Path((state / "pg.data").read_text())
    text = (data / "postmaster.pid").read_text()
    run(state, "down")
    assert _servers(state) == []
    (data / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    assert urls(state) == found
    assert _execute(found, "SELECT 1") == [(1,)]


def test_a_cut_off_initdb_is_done_again(state: pathlib.Path) -> None:
    urls(state)
    run(state, "down")
    data = pathlib.Path((state / "pg.data").read_text())
    (data / ".initialised").unlink()
    shutil.rmtree(data / "global")
    assert _execute(urls(state), "SELECT 1") == [(1,)]


def test_broker_never_evicts_and_cache_always_may(state: pathlib.Path) -> None:
    found = urls(state)
    broker, cache = (redis.Redis.from_url(found[name]) for name in ("REDIS_URL", "CACHE_URL"))
    assert broker.config_get("maxmemory-policy", "appendonly", "appendfsync") == {
        "maxmemory-policy": "noeviction",
        "appendonly": "yes",
        "appendfsync": "everysec",
    }
    assert cache.config_get("maxmemory-policy", "appendonly", "maxmemory") == {
        "maxmemory-policy": "allkeys-lfu",
        "appendonly": "no",
        "maxmemory": str(64 * 1024 * 1024),
    }


def test_status_down_and_wipe_tell_and_do(state: pathlib.Path) -> None:
    urls(state)
    assert run(state, "status") == "PostgreSQL: running\nRedis (broker): running\nRedis (cache): running\n"
    run(state, "down")
    stopped = embedded(state, "status")
    assert "running" in stopped.communicate(timeout=30)[0]
    assert stopped.returncode == 3
    assert (state / "pg.data").exists()
    run(state, "wipe")
    assert not state.exists()
    state.mkdir()


def test_given_urls_win_and_nothing_starts(state: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_STATE", str(state))
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/ops")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    monkeypatch.delenv("CACHE_URL", raising=False)
    assert launcher.ensure_services() == {
        "DATABASE_URL": "postgresql://u@db/ops",
        "REDIS_URL": "redis://cache:6379/0",
        "CACHE_URL": "redis://cache:6379/0",
    }
    assert list(state.iterdir()) == []


def _execute(found: dict[str, str], *statements: str) -> list[tuple[object, ...]]:
    with psycopg.connect(found["DATABASE_URL"]) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _servers(state: pathlib.Path) -> list[int]:
    """Process ids of the postmaster and the two Redis servers of that folder."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(state) in command and ("postgres -D" in command or "unixsocket" in command):
            found.append(int(folder.name))
    return sorted(found)
