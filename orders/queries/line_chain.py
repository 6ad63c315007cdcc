"""One order line from what was asked to the credit: what it came from, and all that followed of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from orders.choices import InvoiceKind
from orders.models import DisputeLine, InvoiceLine, Order, OrderLine, Shipment, ShipmentLine
from orders.registry import LineOrigin, line_origins

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """How much of the line is in a shipment, whatever cartons it is in."""

    shipment: Shipment
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChain:
    """A line with the segment it came from (for staff), its shipments, invoices, disputes and credits."""

    line: OrderLine
    origin: LineOrigin | None
    shipped: tuple[Sent, ...]
    billed: tuple[InvoiceLine, ...]
    disputed: tuple[DisputeLine, ...]
    credited: tuple[InvoiceLine, ...]
    credit_memos: tuple[Any, ...]


def line_chains(orders: Iterable[Order], *, internal: bool) -> list[LineChain]:
    """The lines of the orders, 200 at most, in eight queries at most; without `internal` no word of how they came."""
    order_ids = [order.pk for order in orders]
    disputed = Prefetch("dispute_lines", DisputeLine.objects.select_related("dispute__credit_memo"))
    lines = (
        OrderLine.objects.filter(order__in=order_ids)
        .select_related("order", "item")
        .prefetch_related(
            Prefetch("shipment_lines", ShipmentLine.objects.select_related("shipment")),
            Prefetch("invoice_lines", InvoiceLine.objects.select_related("invoice").prefetch_related(disputed)),
        )
        .order_by("order__number", "position")[:MOST_LINES]
    )
    origins = line_origins(order_ids) if internal and order_ids else {}
    return [_chain(line, origins) for line in lines]


def _chain(line: OrderLine, origins: Mapping[tuple[UUID, str], LineOrigin]) -> LineChain:
    papers = list(line.invoice_lines.all())
    disputed = tuple(row for paper in papers for row in paper.dispute_lines.all())
    credited = tuple(row for row in papers if row.invoice.kind == InvoiceKind.CREDIT_MEMO)
    known = {row.invoice_id for row in credited}
    memos = {row.dispute.credit_memo_id: row.dispute.credit_memo for row in disputed if row.dispute.credit_memo}
    return LineChain(
        line=line,
        origin=origins.get((line.order_id, line.line_no)),
        shipped=_by_shipment(line.shipment_lines.all()),
        billed=tuple(row for row in papers if row.invoice.kind == InvoiceKind.INVOICE),
        disputed=disputed,
        credited=credited,
        credit_memos=tuple(memo for pk, memo in memos.items() if pk not in known),
    )


def _by_shipment(parts: Iterable[ShipmentLine]) -> tuple[Sent, ...]:
    found: dict[UUID, Sent] = {}
    for part in parts:
        before = found[part.shipment_id].quantity if part.shipment_id in found else Decimal(0)
        found[part.shipment_id] = Sent(part.shipment, before + part.quantity)
    return tuple(found.values())
