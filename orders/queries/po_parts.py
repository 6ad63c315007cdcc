"""The orders that one purchase order became: one a ship-to, one an ERP."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Prefetch

from distportal.accounts.models import User
from orders.choices import OrderStatus
from orders.models import Order, OrderLine

MOST_SHOWN = 200


def other_parts(order: Order, user: User) -> list[Order]:
    """Those besides this one that the person may see, by number and with their lines. A PO number that was used again
    is no part: each part has a name of its own within the PO.
    """
    if not order.po_norm:
        return []
    rows = Order.objects.visible_to(user).filter(account=order.account_id, po_norm=order.po_norm)
    rows = rows.exclude(po_part=order.po_part).select_related("ship_to").defer("canonical")
    lines = Prefetch("lines", OrderLine.objects.select_related("item"))
    return list(rows.prefetch_related(lines).order_by("number")[:MOST_SHOWN])


def come_to(orders: Sequence[Order]) -> Decimal:
    """What the parts come to together, before tax and freight; what was cancelled or not taken counts nothing."""
    return sum((one.total for one in orders if one.status not in OrderStatus.DEAD), Decimal(0))
