"""The orders that one purchase order became: one a ship-to, one an ERP."""

from __future__ import annotations

from distportal.accounts.models import User
from orders.models import Order

MOST_SHOWN = 200


def other_parts(order: Order, user: User) -> list[Order]:
    """Those besides this one that the person may see, by number. A PO number that was used again is no part: each
    part has a name of its own within the PO.
    """
    if not order.po_norm:
        return []
    rows = Order.objects.visible_to(user).filter(account=order.account_id, po_norm=order.po_norm)
    rows = rows.exclude(po_part=order.po_part).select_related("ship_to").defer("canonical")
    return list(rows.order_by("number")[:MOST_SHOWN])
