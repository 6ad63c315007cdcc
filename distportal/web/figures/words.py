"""A figure's number as people read it."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from distportal.common.money import grouped
from distportal.measures.kinds import Kpi, Unit
from distportal.measures.tally import Reading

NOTHING = "—"
_TENTH = Decimal("0.1")


def said(reading: Reading) -> str:
    """`97.3 %`, `1 h 20 min` or `12`; a dash where nothing was counted."""
    return NOTHING if reading.value is None else said_value(reading.kpi, reading.value)


def said_target(kpi: Kpi) -> str:
    """`at least 98 %`, `at most 1 h`."""
    words = "at most" if kpi.lower else "at least"
    a_day = " a day" if kpi.unit == Unit.COUNT else ""
    return f"{words} {said_value(kpi, kpi.target)}{a_day}"


def said_value(kpi: Kpi, value: Decimal) -> str:
    """A number of the figure's unit. Shares are cut off, never rounded up: 99.97 is not 100. Of rows a day there is one
    place, and below a tenth the first figure that is no zero: once a month is `0.03`, not nothing.
    """
    if kpi.unit == Unit.SHARE:
        return said_share(value)
    if kpi.unit == Unit.DURATION:
        return said_seconds(value)
    return f"{value:.1g}" if 0 < value < _TENTH else grouped(value.quantize(_TENTH).normalize(), least=0)


def said_share(value: Decimal) -> str:
    """`99.9 %`."""
    percent = (value * 100).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return f"{percent.normalize():f} %"


def said_seconds(value: Decimal) -> str:
    """`under 1 s`, `40 s`, `12 min`, `1 h 20 min`, `2 d 3 h`: the two largest parts that matter."""
    seconds = int(max(value, Decimal(0)))
    if 0 < value < 1:
        return "under 1 s"
    if seconds < 120:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if minutes < 120:
        return f"{minutes} min" if minutes < 60 else f"1 h {minutes - 60} min".removesuffix(" 0 min")
    if hours < 48:
        return f"{hours} h {minutes % 60} min".removesuffix(" 0 min")
    return f"{days} d {hours % 24} h".removesuffix(" 0 h")
