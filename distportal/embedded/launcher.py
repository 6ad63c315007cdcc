"""Starts what no URL in the environment names, and stops what this process has started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import IO

from distportal.embedded import postgres, redis
from distportal.embedded.state import enter, locked, others_use, state_dir

_marks: list[IO[str]] = []
_started: set[str] = set()


def ensure_services() -> dict[str, str]:
    """DATABASE_URL, REDIS_URL and CACHE_URL of running servers; what the environment names wins and is left alone.

    Raises SystemExit when a server cannot be started.
    """
    names = ("DATABASE_URL", "REDIS_URL", "CACHE_URL")
    found = {name: os.environ[name] for name in names if os.environ.get(name)}
    if "REDIS_URL" in found:
        found.setdefault("CACHE_URL", found["REDIS_URL"])
    missing = [name for name in names if name not in found]
    if missing:
        state = state_dir()
        with locked(state):
            if not _marks:
                _marks.append(enter(state))
            for name in missing:
                if not _RUNNING[name]():
                    _started.add(name)
                found[name] = _START[name]()
    return found


def stop_services() -> None:
    """Nothing that was started for this checkout runs any more."""
    state = state_dir()
    if not state.exists():
        return
    with locked(state):
        redis.stop(state, "broker")
        redis.stop(state, "cache")
        postgres.stop(state)
    _started.clear()


def stop_what_was_started() -> bool:
    """Stops the servers if this process started them and no other process uses them; tells whether it did."""
    if not _started or not _marks or others_use(_marks[0]):
        return False
    stop_services()
    _marks.pop().close()
    return True


def wipe_services() -> None:
    """No server runs and none of their data is left, wherever it was kept."""
    stop_services()
    state = state_dir()
    postgres.remove_data(state)
    shutil.rmtree(state, ignore_errors=True)


def services_running() -> dict[str, bool]:
    """By service, whether the embedded server of this checkout answers."""
    return {
        "PostgreSQL": _RUNNING["DATABASE_URL"](),
        "Redis (broker)": _RUNNING["REDIS_URL"](),
        "Redis (cache)": _RUNNING["CACHE_URL"](),
    }


_START: dict[str, Callable[[], str]] = {
    "DATABASE_URL": lambda: postgres.start(state_dir()),
    "REDIS_URL": lambda: redis.start(state_dir(), "broker"),
    "CACHE_URL": lambda: redis.start(state_dir(), "cache"),
}
_RUNNING: dict[str, Callable[[], bool]] = {
    "DATABASE_URL": lambda: postgres.running(state_dir()),
    "REDIS_URL": lambda: redis.running(state_dir(), "broker"),
    "CACHE_URL": lambda: redis.running(state_dir(), "cache"),
}
