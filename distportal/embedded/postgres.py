"""PostgreSQL run for this checkout alone, on a unix socket in a private folder."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

from distportal.embedded.postgres_files import as_owner, away_base, binaries, major, owner, reachable_base
from distportal.embedded.state import private_dir, short_dir

DATABASE = "ops"
_OPTIONS = (
    "-c listen_addresses='' -c max_connections=200 -c shared_buffers=128MB "
    "-c wal_level=minimal -c max_wal_senders=0 -c autovacuum_vacuum_scale_factor=0.05 "
    # What a test of a hundred thousand rows rolls back is swept at once: later tests would read past all of it.
    "-c autovacuum_naptime=5s -c autovacuum_vacuum_cost_delay=0"
)
_ATTEMPTS = 40


def start(state: pathlib.Path) -> str:
    """The running server's URL, started if need be; survives a killed server, a stale pid file and a cut-off initdb.

    Call it under the state folder's lock. Raises SystemExit with the end of the server's log.
    """
    bindir, base = binaries(), reachable_base(state)
    run = private_dir(short_dir(base, "run"), owner())
    if not _ready(bindir, run):
        data = private_dir(base / f"pg-{major(bindir)}", owner())
        _init(bindir, data)
        _launch(bindir, data, run)
        for name, value in (("pg.run", run), ("pg.data", data), ("pg.bin", bindir)):
            (state / name).write_text(str(value))
    _create_database(bindir, run)
    return f"postgresql://postgres@/{DATABASE}?host={run}"


def stop(state: pathlib.Path) -> None:
    """No server of this state folder runs any more. Raises SystemExit when it would not end."""
    if not (state / "pg.data").exists():
        return
    data, bindir = pathlib.Path((state / "pg.data").read_text()), (state / "pg.bin").read_text()
    if not data.exists():
        return
    _drop_stale_pid_file(data)
    if (data / "postmaster.pid").exists():
        command = [f"{bindir}/pg_ctl", "-D", str(data), "-m", "fast", "-w", "-s", "stop"]
        subprocess.run(command, cwd="/", check=False, stderr=subprocess.DEVNULL, **as_owner())
        if (data / "postmaster.pid").exists():
            raise SystemExit(f"PostgreSQL did not stop; its data are kept in {data}, its log is server.log there")


def running(state: pathlib.Path) -> bool:
    """Whether the server answers."""
    if not (state / "pg.run").exists():
        return False
    bindir = pathlib.Path((state / "pg.bin").read_text())
    return (bindir / "pg_isready").exists() and _ready(bindir, pathlib.Path((state / "pg.run").read_text()))


def remove_data(state: pathlib.Path) -> None:
    """Nothing of a stopped server is left outside of the state folder."""
    for path in (away_base(state), short_dir(state, "run"), short_dir(away_base(state), "run")):
        shutil.rmtree(path, ignore_errors=True)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


def _init(bindir: pathlib.Path, data: pathlib.Path) -> None:
    marker = data / ".initialised"
    if marker.exists():
        return
    for entry in data.iterdir():  # an initdb that was cut off half-way
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    locale = ["-E", "UTF8", "--no-locale"]
    subprocess.run(
        [
            str(bindir / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--no-instructions",
            *locale,
        ],
        check=True,
        cwd="/",
        env=_environment(),
        stdout=subprocess.DEVNULL,
        **as_owner(),
    )
    marker.touch()


def _ready(bindir: pathlib.Path, run: pathlib.Path) -> bool:
    command = [str(bindir / "pg_isready"), "-q", "-U", "postgres", "-h", str(run)]
    return subprocess.run(command, cwd="/", check=False).returncode == 0


def _launch(bindir: pathlib.Path, data: pathlib.Path, run: pathlib.Path) -> None:
    log = data / "server.log"
    options = f"-k '{run}' {_OPTIONS}"
    for _ in range(_ATTEMPTS):  # just after a kill -9 the old postmaster's children may linger
        _drop_stale_pid_file(data)
        result = subprocess.run(
            [str(bindir / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-t", "60", "-s", "-o", options, "start"],
            cwd="/",
            env=_environment(),
            check=False,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_owner(),
        )
        if result.returncode == 0:
            return
        time.sleep(0.25)
    sys.stderr.write(log.read_text()[-3000:] if log.exists() else "")
    raise SystemExit(f"PostgreSQL did not start; the end of its log is above, its data are kept in {data}")


def _drop_stale_pid_file(data: pathlib.Path) -> None:
    """Removes a pid file whose process is gone or is another program.

    A container restart often gives an old postmaster's pid to another process; PostgreSQL then refuses to start.
    """
    file = data / "postmaster.pid"
    if not pathlib.Path("/proc/self").exists():  # elsewhere pg_ctl's own check must do
        return
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        command = pathlib.Path("/proc") / str(int(file.read_text().split()[0])) / "cmdline"
        if not command.exists() or str(data) not in command.read_text().replace("\0", " "):
            file.unlink()


def _create_database(bindir: pathlib.Path, run: pathlib.Path) -> None:
    query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant of this module
    psql = [str(bindir / "psql"), "-h", str(run), "-U", "postgres", "-d", "postgres", "-XAtq", "-c"]
    if subprocess.run([*psql, query], cwd="/", capture_output=True, text=True, check=True).stdout.strip() != "1":
        subprocess.run([*psql, f"CREATE DATABASE {DATABASE}"], cwd="/", check=True)
