"""Look for what was sent and never acknowledged."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from edi.process.troubles import tell_overdue
from edi.queries.cases import has_open_case
from edi.queries.interchanges import unanswered_since

ACK_HOURS = 24
"""Partners answer within minutes; after a day their 997 is missing."""


@transaction.atomic
def watch_acks() -> int:
    """How many interchanges of ours got a case now because their 997 is overdue; each gets one."""
    told = 0
    for row in unanswered_since(database_now() - dt.timedelta(hours=ACK_HOURS)):
        if has_open_case(subject_type="edi_interchange", subject_id=str(row.pk)):
            continue
        with correlated(row.correlation_id):
            tell_overdue(row, hours=ACK_HOURS)
        told += 1
    return told
