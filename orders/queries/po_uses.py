"""Which orders of an account carry a PO number already."""

from __future__ import annotations

from distportal.accounts.models import Account
from orders.choices import OrderStatus
from orders.models import Order

MOST = 5


def po_uses(*, account: Account, po_norm: str) -> list[Order]:
    """The account's live orders of that PO number, the newest first, at most five; none for no number."""
    if not po_norm:
        return []
    rows = Order.objects.filter(account=account, po_norm=po_norm).exclude(status__in=OrderStatus.DEAD)
    return list(rows.select_related("ship_to").defer("canonical").order_by("-number")[:MOST])
