"""Who ships for us from where, what it was asked, and what is on its way to it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from distportal.common.remembering import remembered
from distportal.systems.logistics import warehouse_services
from distportal.systems.wms.port import ReleaseState
from edi.choices import Direction, PartnerRole
from edi.models import Agreement, Document, StockTransfer, TradingPartner, WarehouseLink, WarehouseOrder
from inventory.models import Item, Warehouse
from orders.models import Order
from orders.queries.numbers import order_digits


def any_link() -> bool:
    """Whether a partner ships from any of our warehouses."""
    return remembered("edi.any_link", WarehouseLink.objects.filter(partner__active=True).exists)


def links_of(order: Order, codes: set[str]) -> list[WarehouseLink]:
    """The partners of these warehouses and of those that were asked something for the order before."""
    asked = WarehouseOrder.objects.filter(order=order).values("warehouse_id")
    rows = WarehouseLink.objects.filter(Q(warehouse__code__in=codes) | Q(warehouse__in=asked), partner__active=True)
    rows = rows.exclude(warehouse__code__in=list(warehouse_services()))  # what a connection gives is given once
    return list(rows.select_related("partner", "warehouse").order_by("partner_id", "pk"))


def last_instruction(*, order_id: UUID, warehouse_id: int) -> WarehouseOrder | None:
    """What was last asked of a warehouse for an order. Final only while the partner's numbers are held."""
    rows = WarehouseOrder.objects.filter(order_id=order_id, warehouse_id=warehouse_id)
    return rows.order_by("-sequence").first()


def instructions_of(*, order_id: UUID) -> list[Document]:
    """The last 940 to each warehouse that was asked something for the order."""
    rows = WarehouseOrder.objects.filter(order_id=order_id).select_related("document__partner").order_by("sequence")
    return list({row.warehouse_id: row.document for row in rows}.values())


def instruction_named(*, partner: TradingPartner, number: str) -> WarehouseOrder | None:
    """What was asked of this partner under a number; another's is nobody's."""
    rows = WarehouseOrder.objects.filter(partner=partner, number__iexact=number.strip())
    return rows.order_by("-sequence").first()


def instruction_at(*, order: Order, link: WarehouseLink, sequence: int) -> WarehouseOrder | None:
    """The instruction of that sequence, if it was given."""
    return WarehouseOrder.objects.filter(order=order, warehouse_id=link.warehouse_id, sequence=sequence).first()


def told_under(*, partner_code: str, number: str) -> list[ReleaseState]:
    """The last instruction under the number as a state: cancelled, or received; empty where none was given."""
    rows = WarehouseOrder.objects.filter(partner__code=partner_code, number=number).select_related("document")
    return [
        ReleaseState(
            reference=row.number,
            sequence=row.sequence,
            content_hash=row.content_hash,
            stage="cancelled" if row.purpose == "F" else "received",
            as_of=row.ordered_at,
            number=row.document.control_number,
        )
        for row in rows.order_by("-sequence")[:1]
    ]


def warehouse_partner(code: str) -> TradingPartner | None:
    """The active partner of that code who runs warehouses."""
    return TradingPartner.objects.filter(code=code, role=PartnerRole.WAREHOUSE, active=True).first()


def link_named(*, partner_code: str, code: str) -> WarehouseLink | None:
    """The partner's warehouse, by its own code or by ours."""
    rows = WarehouseLink.objects.filter(Q(their_code=code) | Q(warehouse__code=code), partner__code=partner_code)
    return rows.select_related("partner", "warehouse").order_by("pk").first()


def order_numbered(text: str) -> Order | None:
    """The order that an instruction names as SO-1001."""
    digits = order_digits(text)
    return Order.objects.select_related("account").filter(number=int(digits)).first() if digits else None


def transfer_named(*, partner: TradingPartner, number: str) -> StockTransfer | None:
    """What was announced to this partner under a number."""
    return StockTransfer.objects.filter(partner=partner, number__iexact=number.strip()).first()


def warehouses_of(partner: TradingPartner) -> list[Warehouse]:
    """The warehouses that the partner runs."""
    return [link.warehouse for link in partner.warehouses.select_related("warehouse").order_by("warehouse__code")]


def links_that_take_943() -> QuerySet[WarehouseLink]:
    """The warehouses of active partners that wait for 943s from us."""
    agreed = Agreement.objects.filter(direction=Direction.OUT, set_id="943", active=True, partner__active=True)
    rows = WarehouseLink.objects.filter(partner__in=agreed.values("partner"))
    return rows.select_related("partner", "warehouse").order_by("warehouse__code")


def warehouse_coded(code: str) -> Warehouse | None:
    """Our warehouse of that code, once the ERP told it."""
    return Warehouse.objects.filter(code=code).first()


def instructions_in_force(partner: TradingPartner) -> list[WarehouseOrder]:
    """The newest instruction under each number, oldest first."""
    rows = WarehouseOrder.objects.filter(partner=partner).order_by("number", "-sequence").distinct("number")
    return sorted(rows, key=lambda row: row.ordered_at)


def items_with_skus(skus: Collection[str]) -> dict[str, Item]:
    """SKU in capitals -> the item, in one query."""
    return {item.sku.upper(): item for item in Item.objects.filter(sku__in=skus)}
