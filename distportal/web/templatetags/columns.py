"""The chooser of a list's columns, and what it does to the table."""

from __future__ import annotations

from typing import Any

from django import template

from distportal.web.columns import columns_of, left_out

register = template.Library()


@register.inclusion_tag("web/_columns.html", takes_context=True)
def column_chooser(context: Any, of: str) -> dict[str, Any]:
    """`{% column_chooser "orders" %}`: a menu with a box for each column that was offered."""
    request = context["request"]
    hidden = left_out(request, of)
    columns = [(place, label, place not in hidden) for place, label in columns_of(request, of).items()]
    return {"of": of, "columns": columns, "hidden": len(hidden), "request": request}


@register.simple_tag(takes_context=True)
def column_classes(context: Any, of: str) -> str:
    """The classes of the table: `no-4 no-7`; none for a table that is drawn elsewhere than in its list."""
    return " ".join(f"no-{place}" for place in left_out(context["request"], of)) if of else ""
