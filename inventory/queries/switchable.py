"""What of the catalogue can be moved to another ERP, and whom it is with."""

from __future__ import annotations

from collections.abc import Collection

from distportal.systems.ownership import DEFAULT
from inventory.models import Item, Warehouse
from inventory.queries.facts import items_told


def known_items(skus: Collection[str]) -> dict[str, str]:
    """The connection by SKU, of those that we have or that some ERP has told of."""
    told = dict.fromkeys(items_told(skus), DEFAULT)
    return told | dict(Item.objects.filter(sku__in=list(skus)).values_list("sku", "erp"))


def item_ids(skus: Collection[str]) -> list[int]:
    """Their ids, in order."""
    return list(Item.objects.filter(sku__in=list(skus)).order_by("pk").values_list("pk", flat=True))


def item_ids_in(warehouse: str) -> list[int]:
    """The items with stock in the warehouse that were not moved themselves, in order."""
    rows = Item.objects.filter(stock__warehouse__code=warehouse, erp=DEFAULT)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def skus_of_family(family: str) -> list[str]:
    """All items of a family."""
    return list(Item.objects.filter(family=family).order_by("sku").values_list("sku", flat=True))


def known_warehouses(codes: Collection[str]) -> set[str]:
    """Those that we have."""
    return set(Warehouse.objects.filter(code__in=list(codes)).values_list("code", flat=True))
