"""Nothing of a partner is judged by an empty catalogue."""

from __future__ import annotations

from distportal.events.errors import RetryLater
from edi.queries.readiness import unread_feeds

_AFTER = 5.0


def want_master_data() -> None:
    """Raises RetryLater as long as the ERP's master data were never read; that costs no attempt."""
    missing = unread_feeds()
    if missing:
        raise RetryLater(f"the ERP's {', '.join(missing)} were not read yet", after=_AFTER, counts=False)
