"""One small row for every call, for the people who run the portal."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection

from distportal.observability.correlation import correlation_id

log = structlog.get_logger(__name__)
_NOTE = """
INSERT INTO systems_systemcall (system, call, reference, outcome, error_code, duration_ms, correlation_id)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_NOTE_BY_ITSELF = f"SET LOCAL synchronous_commit = off; {_NOTE}"
"""Two statements sent as one are one transaction. Nobody waits for the disk: a crash of the database may cost the last
rows, and what the calls brought about stands elsewhere.
"""


def note_call(*, system: str, call: str, reference: str, outcome: str, error_code: str, duration_ms: float) -> None:
    """Write the row; a call that happened is never undone because its row could not be written."""
    # The row tells of calls that went well; the log is for those that did not.
    tell = log.debug if outcome == "ok" else log.warning
    tell("system.call", system=system, call=call, outcome=outcome, error_code=error_code, ms=round(duration_ms, 1))
    if connection.needs_rollback:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                _NOTE if connection.in_atomic_block else _NOTE_BY_ITSELF,
                [system[:20], call[:40], reference[:60], outcome, error_code[:60], duration_ms, correlation_id()],
            )
    except DatabaseError as error:
        log.warning("system.call_not_noted", system=system, call=call, error=str(error))
