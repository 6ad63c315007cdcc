"""Amounts in several currencies in one place, and lanes by what they do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from distportal.events.lane_words import lane_word
from distportal.web.templatetags.portal import money

register = template.Library()


@register.filter
def monies(amounts: Mapping[str, Decimal]) -> str:
    """`$12,400.00 + €310.00`; empty for nothing."""
    return " + ".join(money(amount, currency) for currency, amount in amounts.items())


@register.filter
def lane(name: str) -> SafeString:
    """What the lane does, its own name on hover."""
    return format_html('<span title="{}">{}</span>', name, capfirst(lane_word(name)))
