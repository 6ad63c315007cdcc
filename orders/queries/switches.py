"""What stands in the way of a switch, and what stays behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from distportal.systems.models import OwnedKind
from inventory.models import Reservation
from orders.choices import CommandKind, CommandState, LineStatus, OrderStatus
from orders.models import ErpCommand, Order, OrderLine

_OF_ORDER = {
    OwnedKind.ACCOUNT: "account__code__in",
    OwnedKind.COMPANY: "account__company__in",
    OwnedKind.WAREHOUSE: "lines__warehouse__code__in",
    OwnedKind.ITEM: "lines__item__sku__in",
}
_OF_COMMAND = {
    OwnedKind.ACCOUNT: ("order__account__code", "dispute__account__code"),
    OwnedKind.COMPANY: ("order__account__company", "dispute__account__company"),
    OwnedKind.WAREHOUSE: ("order__lines__warehouse__code",),
    OwnedKind.ITEM: ("order__lines__item__sku",),
}


def orders_behind(*, kind: str, keys: Collection[str], to: str) -> QuerySet[Order]:
    """The open orders of these that were given to another ERP than `to`: they stay where they are."""
    rows = Order.objects.filter(status__in=OrderStatus.OPEN, **{_OF_ORDER[OwnedKind(kind)]: list(keys)})
    return rows.exclude(erp="").exclude(erp=to).distinct()


def uncertain_keys(*, kind: str, keys: Collection[str]) -> dict[str, str]:
    """The keys with a command whose outcome nobody knows yet: key -> the command's reference."""
    found: dict[str, str] = {}
    for field in _OF_COMMAND[OwnedKind(kind)]:
        rows = ErpCommand.objects.filter(state__in=CommandState.UNCERTAIN, **{f"{field}__in": list(keys)})
        found |= dict(rows.values_list(field, "order_key"))
    return found


def unconfirmed_commands(*, kind: str, keys: Collection[str]) -> QuerySet[ErpCommand]:
    """The commands about these that the ERP has not answered yet."""
    wanted = Q()
    for field in _OF_COMMAND[OwnedKind(kind)]:
        wanted |= Q(**{f"{field}__in": list(keys)})
    return ErpCommand.objects.filter(wanted, state__in=CommandState.OPEN).distinct()


def uncertain_commands_of(connection: str) -> QuerySet[ErpCommand]:
    """The commands to a connection of which nobody knows whether its ERP has them."""
    return ErpCommand.objects.filter(erp=connection, state__in=CommandState.UNCERTAIN)


def held_reservations(*, kind: str, keys: Collection[str]) -> int:
    """How many promises are held of these."""
    rows = Reservation.objects.filter(state="held")
    if kind == OwnedKind.ITEM:
        return rows.filter(item__sku__in=list(keys)).count()
    if kind == OwnedKind.WAREHOUSE:
        return rows.filter(warehouse__code__in=list(keys)).count()
    field = _OF_ORDER[OwnedKind(kind)].replace("account", "order__account", 1)
    lines = OrderLine.objects.filter(order__status__in=OrderStatus.OPEN, **{field: list(keys)})
    refs = [line.demand_ref for line in lines.only("order_id", "line_no").iterator()]
    return rows.filter(demand_ref__in=refs).count()


def lines_owed(*, items: Collection[int], warehouse: str = "") -> Iterable[OrderLine]:
    """The lines of open orders that an ERP has, of these items, of which something has not left yet."""
    rows = OrderLine.objects.filter(
        order__status__in=(OrderStatus.ACCEPTED, OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED),
        item_id__in=list(items), status__in=(LineStatus.ACCEPTED, LineStatus.BACKORDERED),
    ).select_related("order")  # fmt: skip
    if warehouse:
        rows = rows.filter(warehouse__code=warehouse)
    return [line for line in rows.order_by("order_id", "position").iterator(chunk_size=2000) if line.open_quantity > 0]


def allocated_at(order_ids: Collection[UUID]) -> dict[UUID, dt.datetime]:
    """Since when, by its own clock, the stock figures of an order's ERP include it, as far as it has said so."""
    rows = ErpCommand.objects.filter(order_id__in=list(order_ids), kind=CommandKind.ORDER, erp_state__isnull=False)
    found = {}
    for order_id, state in rows.values_list("order_id", "erp_state"):
        if order_id and state:
            found[order_id] = dt.datetime.fromisoformat(state.get("allocated_at") or state["as_of"])
    return found


def base_owed(line: OrderLine) -> Decimal:
    """What has not left yet, in base units."""
    return line.base_quantity * line.open_quantity / line.quantity
