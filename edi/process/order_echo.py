"""What our documents repeat of an order, so that the buyer finds it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from distportal.canonical.base import from_json
from distportal.canonical.invoices import InvoiceLine
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.parts import ItemId
from distportal.canonical.shipments import ShipmentLine
from edi.documents.order_facts import OrderFacts
from edi.documents.references import VENDOR

if TYPE_CHECKING:
    from orders.models import Order, OrderLine

Line = TypeVar("Line", ShipmentLine, InvoiceLine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """The buyer's own words for an order: its facts, our vendor number there, its ship-to code, its item numbers, and
    its line numbers where ours are days of them.
    """

    facts: OrderFacts
    vendor_code: str
    ship_to_code: str
    items: Mapping[str, tuple[ItemId, ...]]
    numbers: Mapping[str, str]

    def line_no(self, ours: str) -> str:
        """The buyer's number of a line of ours."""
        return self.numbers.get(ours, ours)


def echo_of(order: Order, lines: Sequence[OrderLine]) -> Echo:
    """The echo of the version in force."""
    asked = from_json(AskedOrder, order.canonical)
    return Echo(
        facts=OrderFacts(po_number=order.po_number, ordered_on=order.ordered_on, references=asked.references),
        vendor_code=next((r.value for r in asked.references if r.qualifier == VENDOR), ""),
        ship_to_code=asked.ship_to.code,
        items={line.line_no: items_of_line(line) for line in lines},
        numbers={line.line_no: line.buyer_line for line in asked.lines if line.buyer_line},
    )


def items_of_line(line: OrderLine) -> tuple[ItemId, ...]:
    """The numbers the buyer used, then ours: a qualifier is sent once, the buyer's first."""
    return tuple(dict.fromkeys([*asked_items(line), *own_items(line)]))


def asked_items(line: OrderLine) -> tuple[ItemId, ...]:
    """The numbers the buyer used, under its own qualifiers."""
    return tuple(ItemId(qualifier=i["qualifier"], value=i["value"], code=i.get("code", "")) for i in line.asked_items)


def own_items(line: OrderLine) -> tuple[ItemId, ...]:
    """Our SKU and UPC of the item."""
    if line.item is None:
        return ()
    upc = (ItemId(qualifier="upc", value=line.item.upc),) if line.item.upc else ()
    return (ItemId(qualifier="sku", value=line.item.sku), *upc)


def with_buyer_items(items: tuple[ItemId, ...], echo: Echo, line_no: str) -> tuple[ItemId, ...]:
    """The numbers of a shipped or billed line with the buyer's in front."""
    return tuple(dict.fromkeys([*echo.items.get(line_no, ()), *items]))
