"""What a client sends to place an order, and the canonical order it becomes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from distportal.canonical.orders import Channel, Order, OrderLine
from distportal.canonical.parts import Address, ItemId

MOST_LINES = 1000


class LineRequest(serializers.Serializer[Any]):
    """One wanted item under any of its names; without a price it is taken at the contract price."""

    line_no = serializers.CharField(max_length=20, required=False, help_text="Yours; 1, 2, 3 … where left out")
    sku = serializers.CharField(max_length=48, required=False, help_text="Our item number")
    upc = serializers.CharField(max_length=14, required=False)
    buyer_item = serializers.CharField(max_length=48, required=False, help_text="The buyer's own item number")
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    unit = serializers.CharField(max_length=2, default="EA", help_text="X12 element 355: EA, CA, BX …")
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=Decimal(0), required=False)
    requested_on = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(name) for name in ("sku", "upc", "buyer_item")):
            raise serializers.ValidationError("Name the item: sku, upc or buyer_item.")
        return attrs


class OrderRequest(serializers.Serializer[Any]):
    """A purchase order. `account` may be left out by a key that belongs to one account."""

    account = serializers.CharField(max_length=40, required=False, help_text="Our account code")
    po_number = serializers.CharField(max_length=22)
    ship_to = serializers.CharField(max_length=40, help_text="Our ship-to code or the buyer's")
    ordered_on = serializers.DateField(required=False)
    requested_on = serializers.DateField(required=False)
    cancel_after = serializers.DateField(required=False)
    ship_complete = serializers.BooleanField(default=False)
    salesperson = serializers.CharField(
        max_length=120, required=False, help_text="Who orders on behalf of the account; for keys that act for many"
    )
    notes = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)
    lines = LineRequest(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # of the list

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        numbers = [line.get("line_no", str(place)) for place, line in enumerate(lines, 1)]
        if len(set(numbers)) < len(numbers):
            raise serializers.ValidationError("Two lines have the same line_no.")
        return lines


def canonical_order(data: dict[str, Any], *, account: str, channel: Channel, today: dt.date) -> Order:
    """The validated request as the one intake takes it."""
    return Order(
        channel=channel,
        account=account,
        po_number=data["po_number"],
        ordered_on=data.get("ordered_on") or today,
        ship_to=Address(code=data["ship_to"]),
        requested_on=data.get("requested_on"),
        cancel_after=data.get("cancel_after"),
        ship_complete=data["ship_complete"],
        notes=tuple(data.get("notes", ())),
        lines=tuple(_line(line, place) for place, line in enumerate(data["lines"], 1)),
    )


def _line(line: dict[str, Any], place: int) -> OrderLine:
    names = [ItemId(qualifier="sku", value=line["sku"])] if line.get("sku") else []
    names += [ItemId(qualifier="upc", value=line["upc"])] if line.get("upc") else []
    names += [ItemId(qualifier="buyer", value=line["buyer_item"])] if line.get("buyer_item") else []
    return OrderLine(
        line_no=line.get("line_no", str(place)),
        items=tuple(names),
        quantity=line["quantity"],
        unit=line["unit"].upper(),
        unit_price=line.get("unit_price"),
        requested_on=line.get("requested_on"),
    )
