"""Until when an invoice can be disputed in the portal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from orders.models import Invoice
from orders.process.policy import policies_of

CODE = "dispute_window"
DAYS = 60
"""From the day it was issued, where no policy says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeWindow:
    """The last day, and how many are left; below zero once it has closed."""

    closes_on: dt.date
    left: int

    @property
    def open(self) -> bool:
        """Whether a dispute can be opened today."""
        return self.left >= 0


def dispute_window(invoice: Invoice, *, today: dt.date) -> DisputeWindow:
    """The window of one invoice: its account's policy, else everybody's, else DAYS."""
    days = policies_of(invoice.account_id).figure(CODE, "days")
    closes_on = invoice.issued_on + dt.timedelta(days=DAYS if days is None else int(days))
    return DisputeWindow(closes_on=closes_on, left=(closes_on - today).days)
