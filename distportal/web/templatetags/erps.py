"""How two ERPs are laid side by side on pages."""

from __future__ import annotations

from collections.abc import ItemsView, Mapping
from typing import Any

from django import template

register = template.Library()
_CODES = {"exists": "there at all", "sku": "SKU", "upc": "UPC"}


@register.filter
def erp(name: str, titles: Mapping[str, str]) -> str:
    """What people call a connection."""
    return titles.get(name, name)


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """The value of a key, empty where there is none."""
    return values.get(key, "")


@register.filter
def items_of(values: Mapping[str, Mapping[str, int]], key: str) -> ItemsView[str, int]:
    """The pairs below a key."""
    return values.get(key, {}).items()


@register.filter
def total(counts: Mapping[str, int]) -> int:
    """All counts together."""
    return sum(counts.values())


@register.filter
def codes_of(differences: Mapping[str, Mapping[str, int]], kind: str) -> list[str]:
    """The codes that occur, of one kind or of all."""
    found = [differences.get(kind, {})] if kind else differences.values()
    return sorted({code for codes in found for code in codes})


@register.filter
def both_names(row: Any) -> tuple[str, str]:
    """The two connections of a comparison."""
    return row.left, row.right


@register.filter
def erp_code(code: str) -> str:
    """A field's name in words."""
    return _CODES.get(code, code.replace("_", " "))


@register.filter
def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()
