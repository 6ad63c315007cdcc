"""How key figures are written on pages."""

from __future__ import annotations

from decimal import Decimal

from django import template

from distportal.measures.kinds import Kpi
from distportal.measures.tally import Reading
from distportal.web.figures.words import said, said_seconds, said_share, said_target

register = template.Library()


@register.filter
def figure(reading: Reading) -> str:
    """The number with its unit."""
    return said(reading)


@register.filter
def target(kpi: Kpi) -> str:
    """What it should be."""
    return said_target(kpi)


@register.filter
def share(value: Decimal | None) -> str:
    """A part of a whole in per cent."""
    return "—" if value is None else said_share(value)


@register.filter
def took(seconds: Decimal | None) -> str:
    """How long something took."""
    return "—" if seconds is None else said_seconds(Decimal(seconds))


@register.filter
def judged(met: bool | None) -> str:
    """The stored word of a verdict, with its tone."""
    return "draft" if met is None else "ok" if met else "late"
