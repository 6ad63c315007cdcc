"""One small row for every call, for the people who run the portal."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection

from distportal.observability.correlation import correlation_id
from distportal.systems.models import SystemCall

log = structlog.get_logger(__name__)


def note_call(*, system: str, call: str, reference: str, outcome: str, error_code: str, duration_ms: float) -> None:
    """Write the row; a call that happened is never undone because its row could not be written."""
    # The row tells of calls that went well; the log is for those that did not.
    tell = log.debug if outcome == "ok" else log.warning
    tell("system.call", system=system, call=call, outcome=outcome, error_code=error_code, ms=round(duration_ms, 1))
    if connection.needs_rollback:
        return
    try:
        SystemCall.objects.create(
            system=system[:20],
            call=call[:40],
            reference=reference[:60],
            outcome=outcome,
            error_code=error_code[:60],
            duration_ms=duration_ms,
            correlation_id=correlation_id(),
        )
    except DatabaseError as error:
        log.warning("system.call_not_noted", system=system, call=call, error=str(error))
