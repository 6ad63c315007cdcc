"""Which item or warehouse of ours a code is likely to mean."""

from __future__ import annotations

from collections.abc import Collection

from distportal.systems.mapping.choices import Side
from distportal.systems.mapping.models import MissingCode
from distportal.systems.mapping.registry import Suggestion
from inventory.models import Item, Warehouse
from inventory.queries.items import normalise_code
from inventory.queries.search import search_items

MOST = 5


def known_skus(codes: Collection[str]) -> set[str]:
    """Those of the codes that are SKUs."""
    return set(Item.objects.filter(sku__in=codes).values_list("sku", flat=True))


def likely_items(missing: MissingCode) -> list[Suggestion]:
    """For their code our likeliest SKUs: by UPC, by the same code, by likeness; for our SKU what the ERP calls it."""
    if missing.side == Side.OURS:
        rows = Item.objects.filter(sku=missing.code).exclude(erp_code="")
        return [Suggestion(code, "its number in the ERP") for code in rows.values_list("erp_code", flat=True)]
    norm, digits = normalise_code(missing.code), missing.code.lstrip("0")
    found = []
    for item in search_items(text=missing.code)[:MOST]:
        if item.upc and item.upc.lstrip("0") == digits:
            why = "the same UPC"
        elif item.code_norm == norm:
            why = "the same code"
        else:
            why = "alike"
        found.append(Suggestion(item.sku, f"{why}: {item.name}"))
    return found


def known_warehouses(codes: Collection[str]) -> set[str]:
    """Those of the codes that are warehouses."""
    return set(Warehouse.objects.filter(code__in=codes).values_list("code", flat=True))


def likely_warehouses(missing: MissingCode) -> list[Suggestion]:
    """All of ours in use: there are few."""
    if missing.side == Side.OURS:
        return []
    rows = Warehouse.objects.filter(active=True).order_by("code")
    return [Suggestion(row.code, f"{row.name}, {row.city}".rstrip(", ")) for row in rows]
