"""What a document about an order repeats of it, read from the rows of orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet

from distportal.canonical.parts import Address
from distportal.common.prepared import PreparedRows
from edi.choices import Direction, DocumentState
from edi.models import Document
from orders.choices import OrderStatus
from orders.models import Intake, Invoice, Order, OrderFinding, OrderLine, Remittance, Return, Shipment
from orders.queries.warehouses import place_of


def _first_placed(**order: UUID) -> QuerySet[Document]:
    rows = Document.objects.filter(
        direction=Direction.IN, set_id="850", state=DocumentState.PLACED, partner__active=True, **order
    )
    return rows.select_related("partner__account").order_by("created_at")[:1]


_CAME_BY = PreparedRows(lambda pk: _first_placed(order_id=pk))
_ASKED_TOO = PreparedRows(lambda pk: _first_placed(order_links__order_id=pk))


def source_document(*, order_id: UUID) -> Document | None:
    """The 850 that the order came by, or that asked for it too; None where no partner waits for answers."""
    found = _CAME_BY(order_id) or _ASKED_TOO(order_id)
    return found[0] if found else None


def orders_of(document: Document) -> list[Order]:
    """The orders that the 850 became, in its order; one unless it went to several ship-tos."""
    linked = document.order_links.filter(change=None).select_related("order__account")
    return [link.order for link in linked] or ([order_of(order_id=document.order_id)] if document.order_id else [])


def orders_of_po(*, account_id: UUID, po_norm: str) -> list[Order]:
    """The orders of a PO that live; where none does, the last one that did."""
    rows = Order.objects.filter(account_id=account_id, po_norm=po_norm).select_related("account").order_by("number")
    return list(rows.exclude(status__in=OrderStatus.DEAD)) or list(rows.order_by("-number")[:1])


def line_numbers_of(*, order_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Order -> the numbers of its lines."""
    found: dict[UUID, set[str]] = {pk: set() for pk in order_ids}
    for order_id, line_no in OrderLine.objects.filter(order_id__in=order_ids).values_list("order_id", "line_no"):
        found[order_id].add(line_no)
    return found


def asked_canonical(order: Order) -> dict[str, Any]:
    """The order as its buyer asked for it last: as it came, or as its own last change made it. What people here
    corrected is not in it.
    """
    if order.version == 1:
        return dict(order.canonical)
    done = order.change_requests.filter(status="applied").aggregate(last=Max("made_version"))["last"]
    return dict(order.versions.get(version=done or 1).canonical)


def order_of(*, order_id: UUID) -> Order:
    """The order. Raises Order.DoesNotExist."""
    return Order.objects.select_related("account").get(pk=order_id)


def lines_of(*, order_id: UUID) -> list[OrderLine]:
    """Its lines in their order, with their items."""
    return list(OrderLine.objects.filter(order_id=order_id).select_related("item").order_by("position"))


def shipment_of(*, shipment_id: UUID) -> Shipment:
    """The shipment. Raises Shipment.DoesNotExist."""
    return Shipment.objects.get(pk=shipment_id)


def shipments_carried_by(scac: str) -> list[Shipment]:
    """The newest shipments of a carrier, fifty at most, oldest first."""
    return list(Shipment.objects.filter(carrier=scac).order_by("-shipped_at")[:50])[::-1]


def shipments_of_story(correlation_id: UUID) -> list[Shipment]:
    """The shipments that carry the id of a story."""
    return list(Shipment.objects.filter(correlation_id=correlation_id).order_by("recorded_at"))


def ship_to_of(*, order_id: UUID) -> Address | None:
    """Where the order goes, from our file; None where it goes to no place on file."""
    return place_of(Order.objects.select_related("ship_to").get(pk=order_id))


def invoice_of(*, invoice_id: UUID) -> Invoice:
    """The invoice. Raises Invoice.DoesNotExist."""
    return Invoice.objects.select_related("shipment").get(pk=invoice_id)


def line_reasons(*, orders: Sequence[Order]) -> dict[tuple[UUID, str], str]:
    """(Order, line number) -> what the rules said of it in the version in force."""
    rows = OrderFinding.objects.filter(
        order__in=[order.pk for order in orders], order_version=F("order__version"), line__isnull=False
    ).exclude(action="accept")
    return {(order, no): text for order, no, text in rows.values_list("order_id", "line__line_no", "message")}


def lines_of_all(*, orders: Sequence[Order]) -> dict[UUID, list[OrderLine]]:
    """Order -> its lines in their order, with their items."""
    found: dict[UUID, list[OrderLine]] = {order.pk: [] for order in orders}
    for row in OrderLine.objects.filter(order__in=list(found)).select_related("item").order_by("order_id", "position"):
        found[row.order_id].append(row)
    return found


def order_statuses(document: Document) -> list[str]:
    """The statuses of the orders that the 850 became."""
    linked = list(document.order_links.filter(change=None).values_list("order__status", flat=True))
    if linked or document.order_id is None:
        return linked
    return list(Order.objects.filter(pk=document.order_id).values_list("status", flat=True))


def canonical_as_placed(document: Document) -> Any | None:
    """What the document said when it was taken: the order, orders by their part where they are several, the remittance
    or the return. None where it was not.
    """
    for kept in (Remittance, Return):
        row = kept.objects.filter(source_key=f"edi:{document.pk}").values_list("canonical", flat=True).first()
        if row is not None:
            return row
    rows = [intake.canonical for intake in Intake.objects.filter(source_key__startswith=f"edi:{document.pk}")]
    if len(rows) < 2:
        return rows[0] if rows else None
    return {row["part"]: row for row in rows}
