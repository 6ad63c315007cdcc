"""A new order as those who placed it are shown it, without reading again what was written a moment ago."""

from __future__ import annotations

from distportal.common.known_rows import know_rows
from orders.models import Order
from orders.process.arriving import Placement
from orders.process.orchestration import findings_of

_LATER = ("shipments", "invoices", "change_requests")
"""What a new order has none of."""


def order_as_placed(placement: Placement) -> Order | None:
    """The order with its lines and findings as they were decided; None where it was there before. What has become of it
    since is for who reads it.
    """
    decision = placement.decision
    if decision is None:
        return None
    know_rows(decision.order, lines=decision.lines, findings=list(findings_of(decision)), **dict.fromkeys(_LATER, ()))
    return decision.order
