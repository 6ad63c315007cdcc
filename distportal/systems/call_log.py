"""One small row for every call, for the people who run the portal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import DatabaseError, connection

from distportal.observability.correlation import correlation_id

log = structlog.get_logger(__name__)
_NOTE = """
INSERT INTO systems_systemcall (system, call, reference, outcome, error_code, duration_ms, correlation_id, ended_at)
SELECT t.system, t.call, t.reference, t.outcome, t.error_code, t.duration_ms, t.story,
       clock_timestamp() - make_interval(secs => t.age)
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::uuid[], %s::float8[])
       AS t (system, call, reference, outcome, error_code, duration_ms, story, age)
"""
_NOTE_BY_ITSELF = f"SET LOCAL synchronous_commit = off; {_NOTE}"
"""Two statements sent as one are one transaction. Nobody waits for the disk: a crash of the database may cost the last
rows, and what the calls brought about stands elsewhere.
"""


class _Call(NamedTuple):
    system: str
    call: str
    reference: str
    outcome: str
    error_code: str
    duration_ms: float
    story: UUID
    ended_at: float
    """On this process' own clock, in seconds."""


_kept: ContextVar[list[_Call] | None] = ContextVar("kept_calls", default=None)


@contextmanager
def calls_noted_together() -> Iterator[None]:
    """The rows of the calls inside the block are written at its end, in one statement, however it ends: a process that
    is killed meanwhile takes a few rows along. A block inside another one is part of it.
    """
    if _kept.get() is not None:
        yield
        return
    calls: list[_Call] = []
    token = _kept.set(calls)
    try:
        yield
    finally:
        _kept.reset(token)
        _write(calls)


def note_call(*, system: str, call: str, reference: str, outcome: str, error_code: str, duration_ms: float) -> None:
    """Write the row; a call that happened is never undone because its row could not be written."""
    # The row tells of calls that went well; the log is for those that did not.
    tell = log.debug if outcome == "ok" else log.warning
    tell("system.call", system=system, call=call, outcome=outcome, error_code=error_code, ms=round(duration_ms, 1))
    told = (system[:20], call[:40], reference[:60], outcome, error_code[:60])
    row = _Call(*told, duration_ms, correlation_id(), time.monotonic())
    kept = _kept.get()
    if kept is None:
        _write([row])
    else:
        kept.append(row)


def _write(calls: Sequence[_Call]) -> None:
    if not calls or connection.needs_rollback:
        return
    now = time.monotonic()
    columns = [list(column) for column in zip(*(row[:-1] for row in calls), strict=True)]
    ages = [now - row.ended_at for row in calls]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE if connection.in_atomic_block else _NOTE_BY_ITSELF, [*columns, ages])
    except DatabaseError as error:
        log.warning("system.call_not_noted", calls=len(calls), error=str(error))
