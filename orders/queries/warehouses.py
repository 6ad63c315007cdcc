"""From where an order is shipped, what its warehouses were asked, and what they told."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from distportal.canonical.parts import Address
from inventory.models import Warehouse
from orders.models import ErpCommand, Order, WarehouseEvent, WarehouseRelease


def erp_warehouses(*, order_id: UUID) -> dict[str, str]:
    """Line number -> code of the warehouse that the ERP ships from, as it last said; empty where it did not say."""
    rows = ErpCommand.objects.filter(order_id=order_id, erp_state__isnull=False).order_by("settled_at")
    found: dict[str, str] = {}
    for state in rows.values_list("erp_state", flat=True):
        found |= {line["line_key"]: line["warehouse"] for line in (state or {}).get("lines", []) if line["warehouse"]}
    return found


def place_of(order: Order) -> Address | None:
    """Where the order goes, from our file; None where it goes to no place on file."""
    place = order.ship_to
    if place is None:
        return None
    return Address(
        code=place.code,
        name=place.name,
        street=place.street,
        city=place.city,
        region=place.region,
        postcode=place.postcode,
        country=place.country,
    )


def shipping_places(order: Order) -> dict[str, str]:
    """Line number -> code of the warehouse it ships from: the ERP's word, else where we reserved; empty for none. Here
    a line in parts has the keys of its parts.
    """
    told = erp_warehouses(order_id=order.pk)
    found: dict[str, str] = {}
    for line_no, code, parts in order.lines.values_list("line_no", "warehouse__code", "parts"):
        shares = {part["key"]: part["warehouse"] for part in parts} or {line_no: code}
        found |= {key: told.get(key) or place or "" for key, place in shares.items()}
    return found


def served_warehouses(order: Order, codes: Collection[str]) -> list[Warehouse]:
    """These warehouses, and those whose system was asked something for the order before."""
    asked = WarehouseRelease.objects.filter(order=order).values("warehouse_id")
    return list(Warehouse.objects.filter(Q(code__in=codes) | Q(pk__in=asked)).order_by("pk"))


def last_release(*, order_id: UUID, warehouse_id: int) -> WarehouseRelease | None:
    """What was last asked of a warehouse system for an order."""
    rows = WarehouseRelease.objects.filter(order_id=order_id, warehouse_id=warehouse_id)
    return rows.order_by("-sequence").first()


def was_released(*, order_id: UUID) -> bool:
    """Whether any warehouse system was ever asked something for the order."""
    return WarehouseRelease.objects.filter(order_id=order_id).exists()


def release_named(*, connection: str, reference: str) -> WarehouseRelease | None:
    """The newest instruction that this system got under a reference; another's is nobody's."""
    rows = WarehouseRelease.objects.filter(connection=connection, reference__iexact=reference.strip())
    # What it never heard of, and the change or end that it refused, is not what it speaks of.
    rows = rows.exclude(state="withdrawn").exclude(state="rejected", purpose__in=("change", "cancel"))
    return rows.select_related("order__account", "warehouse").order_by("-sequence").first()


def releases_of_story(correlation_id: UUID) -> QuerySet[WarehouseRelease]:
    """The instructions that carry the id of a story."""
    return WarehouseRelease.objects.filter(correlation_id=correlation_id).select_related("warehouse")


def stuck_releases() -> QuerySet[WarehouseRelease]:
    """Instructions that were refused or whose answer is unknown, the oldest first, fifty at most."""
    rows = WarehouseRelease.objects.filter(state__in=("unknown", "rejected"))
    return rows.select_related("order", "warehouse").order_by("requested_at")[:50]


def recent_events() -> QuerySet[WarehouseEvent]:
    """What warehouse systems told last, the newest first, ten at most."""
    return WarehouseEvent.objects.select_related("release__order").order_by("-recorded_at")[:10]
