"""How amounts, quantities, moments and states are written on every page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from distportal.common.channels import channel_word
from distportal.common.money import SIGNS, grouped
from distportal.common.sentences import said_again
from distportal.governance.registry import RuleKind
from distportal.observability.correlation import correlation_id
from distportal.web.barcodes import barcode_svg
from distportal.web.browsers import browser_word
from distportal.web.icons import lucide
from distportal.web.speaking import reader_zone
from distportal.web.tones import tone_of

register = template.Library()
NOTHING = "—"
LONG = 16
"""Letters of a state that stand in one line of a table."""
register.filter(channel_word)
register.filter(browser_word)


@register.filter
def money(amount: Decimal | int | None, currency: str = "USD") -> str:
    """`$1,234.50`; at least two decimals and never fewer than the amount has; credits are `(−$18.20)`."""
    if amount is None:
        return NOTHING
    digits = grouped(abs(Decimal(amount)), least=2)
    text = f"{SIGNS[currency]}{digits}" if currency in SIGNS else f"{digits} {currency}"
    return f"(−{text})" if amount < 0 else text


@register.filter
def amount(text: str | None, currency: str = "USD") -> str:
    """As `money`, of an amount that was kept as text."""
    return money(Decimal(text) if text else None, currency)


@register.filter
def qty(quantity: Decimal | int | None, unit: str = "") -> str:
    """`1,200 CS`; no trailing zeros."""
    if quantity is None:
        return NOTHING
    sign = "−" if quantity < 0 else ""
    return f"{sign}{grouped(abs(Decimal(quantity)), least=0)} {unit}".rstrip()


@register.filter
def when(moment: dt.datetime | dt.date | None) -> str | SafeString:
    """A `<time>` in the reader's zone and language, the full moment on hover; a plain date stays a date."""
    if moment is None:
        return NOTHING
    if not isinstance(moment, dt.datetime):
        return _day(moment, get_language())[1]
    local = timezone.localtime(moment, reader_zone())
    day, _ = _day(local.date(), get_language())
    return _moment(local, f"{day}, {local:%H:%M}")


def _moment(local: dt.datetime, words: str) -> SafeString:
    full = f"{local:%Y-%m-%d %H:%M:%S} {escape(local.tzname())}"
    return mark_safe(  # noqa: S308 - digits, and the day that was escaped
        f'<time datetime="{local.isoformat()}" title="{full}">{words}</time>'
    )


@register.filter
def clock(moment: dt.datetime | None) -> str | SafeString:
    """As `when`, but of today only the time is written: `10:42`."""
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment, reader_zone())
    if local.date() != timezone.localdate(timezone=reader_zone()):
        return when(moment)
    return _moment(local, f"{local:%H:%M}")


@lru_cache(maxsize=4096)
def _day(day: dt.date, _language: str | None) -> tuple[SafeString, SafeString]:
    """How the active language writes a day, alone and as a `<time>`."""
    words = escape(date_format(day, "j M Y"))
    return words, format_html('<time datetime="{0}" title="{0}">{1}</time>', day.isoformat(), words)


@register.filter
def span(seconds: float | None) -> str:
    """`12 s`, `5 min`, `3 h`, `2 d`: how long something took or lasts."""
    if seconds is None:
        return NOTHING
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


@register.simple_tag
def status(word: Any, label: Any = "") -> SafeString:
    """A state as word, icon and colour: `{% status order.status order.get_status_display %}`."""
    return _status(str(word), str(label) or worded(word))


@lru_cache(maxsize=2048)
def _status(word: str, label: str) -> SafeString:
    tone = tone_of(word)
    icon = lucide(tone.icon, size=13, aria_hidden="true")
    look = f"{tone.name} long" if len(label) > LONG else tone.name  # in a column of a table it may take two lines
    return format_html('<span class="tag {}">{}{}</span>', look, icon, label)


@register.filter
def worded(word: str) -> str:
    """A stored word of a state or an act in the reader's language: `waiting_approval` is “Waiting approval”."""
    text = str(word).replace("_", " ")
    said = text[:1].upper() + text[1:]
    return gettext(said)


@register.filter
def rule_word(name: str) -> str:
    """What a value of a rule is called: `data.days` is “Days”, `options.copies` is “Options: copies”."""
    *inside, last = str(name).split(".")
    around = [worded(one) for one in inside if one != "data"]
    return ": ".join([*around, worded(last).lower() if around else worded(last)])


@register.simple_tag
def rule_value(kind: RuleKind, name: str, value: str) -> str:
    """A value of a rule as its form calls it: `reject_set` is “Reject the set”."""
    choices = next((field.flatchoices for field in kind.model._meta.fields if field.name == name), ())
    return str(dict(choices).get(value, value))


@register.filter
def said(text: str | None) -> str:
    """A sentence that our own processes stored, in the reader's language: `{{ finding.message|said }}`."""
    return said_again(str(text)) if text else ""


@register.simple_tag
def paper_code(number: Any) -> SafeString:
    """The document's number as a barcode that only paper shows."""
    return barcode_svg(str(number))


@register.simple_tag
def reference() -> str:
    """The id under which the log tells what happened in this request."""
    return str(correlation_id())


@register.filter
def message_icon(level_tag: str) -> str:
    """The icon of a message's level."""
    return {"success": "circle-check", "warning": "triangle-alert", "error": "circle-x"}.get(level_tag, "info")
