"""What every case about an order tells of it: whose it is, what it blocks, and until when it can be saved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypedDict

from distportal.accounts.models import Account
from distportal.calendars.queries import working_time
from distportal.common.remembering import remembered
from orders.models import Dispute, Order


class CaseFacts(TypedDict):
    """The part of `open_case` that an order knows."""

    account: Account | None
    amount: Decimal
    currency: str
    reference: str
    cutoff_at: dt.datetime | None
    region: str


def about(order: Order | None) -> CaseFacts:
    """The whole order is blocked; its cut-off is when work ends on the wanted day. Of no order nothing is known."""
    if order is None:
        return CaseFacts(account=None, amount=Decimal(0), currency="USD", reference="", cutoff_at=None, region="")
    return CaseFacts(
        account=order.account,
        amount=order.total,
        currency=order.currency,
        reference=f"{order} · PO {order.po_number}" if order.po_number else str(order),
        cutoff_at=ship_by(order),
        region=order.ship_to.region if order.ship_to else "",
    )


def about_dispute(row: Dispute, amount: Decimal) -> CaseFacts:
    """What of it the amount blocks; nothing is late before a day that a person sets."""
    return CaseFacts(
        account=row.account,
        amount=amount,
        currency=row.currency,
        reference=f"{row} · invoice {row.invoice.number}",
        cutoff_at=None,
        region="",
    )


def ship_by(order: Order) -> dt.datetime | None:
    """The end of work, by the account's calendar, on the wanted day or the last working day before it; None for an
    order that is wanted as soon as it can be.
    """
    if order.requested_on is None:
        return None
    account = order.account
    calendar = remembered(("orders.calendar", account.calendar_id), lambda: working_time(account.calendar_id))
    for back in range(14):
        spans = calendar.spans_on(order.requested_on - dt.timedelta(days=back))
        if spans:
            return spans[-1][1]
    return None
