"""Who ships for us from where, what it was asked, and what is on its way to it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from edi.choices import Direction
from edi.models import Agreement, StockTransfer, TradingPartner, WarehouseLink, WarehouseOrder
from inventory.models import Item, Warehouse
from orders.models import ErpCommand, Order


def links_of(order: Order, codes: set[str]) -> list[WarehouseLink]:
    """The partners of these warehouses and of those that were asked something for the order before."""
    asked = WarehouseOrder.objects.filter(order=order).values("warehouse_id")
    rows = WarehouseLink.objects.filter(Q(warehouse__code__in=codes) | Q(warehouse__in=asked), partner__active=True)
    return list(rows.select_related("partner", "warehouse").order_by("partner_id", "pk"))


def last_instruction(*, order_id: UUID, warehouse_id: int) -> WarehouseOrder | None:
    """What was last asked of a warehouse for an order. Final only while the partner's numbers are held."""
    rows = WarehouseOrder.objects.filter(order_id=order_id, warehouse_id=warehouse_id)
    return rows.order_by("-sequence").first()


def instruction_named(*, partner: TradingPartner, number: str) -> WarehouseOrder | None:
    """What was asked of this partner under a number; another's is nobody's."""
    rows = WarehouseOrder.objects.filter(partner=partner, number__iexact=number.strip())
    return rows.order_by("-sequence").first()


def transfer_named(*, partner: TradingPartner, number: str) -> StockTransfer | None:
    """What was announced to this partner under a number."""
    return StockTransfer.objects.filter(partner=partner, number__iexact=number.strip()).first()


def erp_warehouses(*, order_id: UUID) -> dict[str, str]:
    """Line number -> code of the warehouse that the ERP ships from, as it last said; empty where it did not say."""
    rows = ErpCommand.objects.filter(order_id=order_id, erp_state__isnull=False).order_by("settled_at")
    found: dict[str, str] = {}
    for state in rows.values_list("erp_state", flat=True):
        found |= {line["line_key"]: line["warehouse"] for line in (state or {}).get("lines", []) if line["warehouse"]}
    return found


def warehouses_of(partner: TradingPartner) -> list[Warehouse]:
    """The warehouses that the partner runs."""
    return [link.warehouse for link in partner.warehouses.select_related("warehouse").order_by("warehouse__code")]


def links_that_take_943() -> QuerySet[WarehouseLink]:
    """The warehouses of active partners that wait for 943s from us."""
    agreed = Agreement.objects.filter(direction=Direction.OUT, set_id="943", active=True, partner__active=True)
    rows = WarehouseLink.objects.filter(partner__in=agreed.values("partner"))
    return rows.select_related("partner", "warehouse").order_by("warehouse__code")


def items_with_skus(skus: Collection[str]) -> dict[str, Item]:
    """SKU in capitals -> the item, in one query."""
    return {item.sku.upper(): item for item in Item.objects.filter(sku__in=skus)}
