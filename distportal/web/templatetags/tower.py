"""Amounts in several currencies in one place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template

from distportal.web.templatetags.portal import money

register = template.Library()


@register.filter
def monies(amounts: Mapping[str, Decimal]) -> str:
    """`$12,400.00 + €310.00`; empty for nothing."""
    return " + ".join(money(amount, currency) for currency, amount in amounts.items())
