"""What monitoring reads of the exchange with partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from distportal.events.clock import database_now
from distportal.observability.figures import Figure, figure_source, one
from edi.process.watching import ACK_HOURS
from edi.queries.interchanges import unanswered_since


@figure_source("edi")
def edi_figures() -> Iterable[Figure]:
    """Interchanges of ours whose 997 is missing; 500 stands for 500 or more."""
    late = unanswered_since(database_now() - dt.timedelta(hours=ACK_HOURS)).count()
    yield Figure(name="portal_acks_overdue", text="Interchanges sent whose 997 is overdue", samples=one(late))
