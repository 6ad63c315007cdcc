"""Look a value up by a name that only the page knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from distportal.canonical.base import plain

register = template.Library()


@register.filter
def get(values: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of the key; nothing where there is none."""
    return values.get(key) if values else None


@register.filter
def field(key: Any, kind: str) -> str:
    """`7|field:"quantity"` is `quantity.7`, the name of a field of line 7."""
    return f"{kind}.{key}"


@register.filter
def plainly(value: Any) -> str:
    """A number as it is typed: no trailing zeros, no thousands; other words as they are."""
    return plain(value) if isinstance(value, Decimal) else str(value)
