"""What a stage of work cost: seconds, processor time of Python and of PostgreSQL, statements sent."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall seconds, and processor seconds of the workers and of the database server."""

    seconds: float
    python: float
    postgres: float

    def __sub__(self, earlier: Cost) -> Cost:
        return Cost(self.seconds - earlier.seconds, self.python - earlier.python, self.postgres - earlier.postgres)


class Meter:
    """Reads the clocks; `server` is the process id of the database server, if it runs here."""

    def __init__(self) -> None:
        self._server = _server_pid()

    def read(self, python: float) -> Cost:
        """The clocks now; `python` is what the workers have used so far."""
        return Cost(time.monotonic(), python, _used_below(self._server) if self._server else 0.0)


class Counter:
    """Counts the statements of this process's connection inside `with`, COPY included."""

    def __init__(self) -> None:
        self.statements: dict[str, int] = {}
        self._queries = CaptureQueriesContext(connection)

    def __enter__(self) -> None:
        self._queries.__enter__()

    def __exit__(self, *_: object) -> None:
        self._queries.__exit__(None, None, None)
        for query in self._queries.captured_queries:
            sql = query["sql"]
            kind = sql.split('"s')[0] if "SAVEPOINT" in sql else sql[:140]
            self.statements[kind] = self.statements.get(kind, 0) + 1

    @property
    def total(self) -> int:
        """All statements."""
        return sum(self.statements.values())


def _server_pid() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        pid_file = Path(cursor.fetchone()[0]) / "postmaster.pid"
    return int(pid_file.read_text().split()[0]) if pid_file.exists() else None


def _used_below(parent: int) -> float:
    """Processor seconds of a process and its children, those that ended included."""
    ticks = sum(_ticks(parent, waited=True))
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent(int(entry.name)) == parent:
            ticks += sum(_ticks(int(entry.name), waited=False))
    return ticks / _TICKS


def _stat(pid: int) -> list[str]:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[1]) if stat else 0


def _ticks(pid: int, *, waited: bool) -> list[int]:
    stat = _stat(pid)
    return [int(n) for n in (stat[11:15] if waited else stat[11:13])]
