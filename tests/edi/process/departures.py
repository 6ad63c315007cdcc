"""Shipments as the ERP would tell them, of an order that the tests placed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Shipment as Fact
from distportal.canonical.shipments import ShipmentLine
from distportal.events.sweeper import work_until_idle
from orders.models import ErpCommand, Order, Shipment
from orders.process.fulfilment import record_shipment


def shipped_at() -> dt.datetime:
    """Two hours ago: what is older than a month is nobody's deadline any more."""
    return timezone.now() - dt.timedelta(hours=2)


def depart(
    order: Order, *parts: tuple[str, str, int], number: str = "80001", place: str = "RENO", **more: Any
) -> Shipment:
    """The shipment of (line number, quantity, carton) parts, recorded, with all that follows from it done."""
    lines = {line.line_no: line for line in order.lines.select_related("item")}
    fact = Fact(
        number=number,
        order_key=ErpCommand.objects.get(order=order).order_key,
        shipped_at=shipped_at(),
        ship_from=Address(code=place, name="Northline"),
        ship_to=Address(code=order.ship_to.code if order.ship_to else "", name="Store"),
        lines=tuple(
            ShipmentLine(
                order_line_no=line_no,
                items=(ItemId(qualifier="sku", value=lines[line_no].item.sku),),  # type: ignore[union-attr]
                quantity=Decimal(quantity),
                unit=lines[line_no].unit,
                carton=carton,
            )
            for line_no, quantity, carton in parts
        ),
        cartons=len({carton for _, _, carton in parts}),
        **{"carrier": "UPSN", "tracking_number": f"1Z{number}", "bill_of_lading": f"BOL{number}"} | more,
    )
    row = record_shipment(fact=fact, erp_id=f"ERP-{number}", version="1")
    assert row is not None
    work_until_idle()
    return row
