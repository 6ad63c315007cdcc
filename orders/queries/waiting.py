"""Order lines of which not all is there, for those who know what comes."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from inventory.registry import OpenDemand
from orders.choices import LineStatus, OrderStatus
from orders.models import OrderLine

_OPEN = (OrderStatus.ACCEPTED, OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED)


def _waiting() -> QuerySet[OrderLine]:
    """By the partial index on open lines that are short (orders_line_short)."""
    short = Q(reserved_quantity__lt=F("quantity"), confirmed_quantity__lt=F("quantity"))
    rows = OrderLine.objects.filter(short, status__in=(LineStatus.ACCEPTED, LineStatus.BACKORDERED))
    return rows.filter(shipped_quantity__lt=F("quantity"), order__status__in=_OPEN)


def waiting_items(skus: Collection[str]) -> set[int]:
    """The ids of those items of which a line waits for goods."""
    rows = _waiting().filter(item__sku__in=skus).values_list("item_id", flat=True).distinct()
    return {item_id for item_id in rows if item_id is not None}


def open_demands(item_id: int) -> list[OpenDemand]:
    """The lines of an item that wait, as demands in base units; one query."""
    found = []
    for line in _waiting().filter(item=item_id).select_related("order").defer("order__canonical"):
        settled = max(line.confirmed_quantity, line.shipped_quantity) * line.base_quantity / line.quantity
        found.append(
            OpenDemand(
                ref=line.demand_ref,
                warehouse_id=line.warehouse_id,
                quantity=line.base_quantity,
                settled=settled,
                since=line.order.accepted_at or line.order.placed_at,
                in_erp=line.order.status != OrderStatus.ACCEPTED,
            )
        )
    return found
