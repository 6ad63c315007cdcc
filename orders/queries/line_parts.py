"""The parts of an order line that several warehouses send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from distportal.canonical.base import plain

if TYPE_CHECKING:
    from orders.models import OrderLine

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """What one warehouse sends of a line, in the line's unit; `key` names the ERP's line, `on` when it leaves."""

    key: str
    warehouse: str
    quantity: Decimal
    confirmed: Decimal = ZERO
    shipped: Decimal = ZERO
    on: dt.date | None = None


def parts_of(line: OrderLine) -> list[LinePart]:
    """The parts, in the order of their keys as they were made; none where one warehouse sends all of it."""
    return [
        LinePart(
            key=told["key"],
            warehouse=told["warehouse"],
            quantity=Decimal(told["quantity"]),
            confirmed=Decimal(told["confirmed"]),
            shipped=Decimal(told["shipped"]),
            on=dt.date.fromisoformat(told["on"]) if told["on"] else None,
        )
        for told in line.parts
    ]


def stored_parts(parts: Sequence[LinePart]) -> list[dict[str, Any]]:
    """The parts as a line keeps them."""
    return [
        {
            "key": part.key,
            "warehouse": part.warehouse,
            "quantity": plain(part.quantity),
            "confirmed": plain(part.confirmed),
            "shipped": plain(part.shipped),
            "on": part.on.isoformat() if part.on else None,
        }
        for part in parts
    ]


def lines_by_key(lines: Sequence[OrderLine]) -> dict[str, OrderLine]:
    """Our line by every key that the ERP may name it by."""
    return {line.line_no: line for line in lines} | {told["key"]: line for line in lines for told in line.parts}
