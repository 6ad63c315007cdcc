"""Canonical orders for tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from distportal.canonical.orders import Channel, Order, OrderLine
from distportal.canonical.parts import Address, ItemId


def asked(
    *lines: tuple[str, str, str, str | None],
    po: str = "PO-1",
    account: str = "HARBOR",
    ship_to: str = "HARBOR-01",
    channel: Channel = "portal",
) -> Order:
    """An order of (sku, quantity, unit, price or None) lines."""
    return Order(
        channel=channel,
        account=account,
        po_number=po,
        ordered_on=dt.date(2026, 11, 24),
        ship_to=Address(code=ship_to),
        lines=tuple(
            OrderLine(
                line_no=str(n),
                items=(ItemId(qualifier="sku", value=sku),),
                quantity=Decimal(quantity),
                unit=unit,
                unit_price=Decimal(price) if price else None,
            )
            for n, (sku, quantity, unit, price) in enumerate(lines, 1)
        ),
    )
