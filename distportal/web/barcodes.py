"""A number as Code 128, drawn for a page that is printed."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from reportlab.graphics.barcode.code128 import Code128

QUIET = 10
"""Widths of nothing on either side, as the symbol demands."""
HEIGHT = 40


def widths_of(text: str) -> list[int]:
    """Bar, space, bar … of the text from the start sign to the stop sign, in widths of the thinnest bar."""
    symbol = Code128(text)
    symbol.validate()
    symbol.encode()
    symbol.decompose()
    return [ord(sign.lower()) - ord("a") + 1 for sign in symbol.decomposed]


@lru_cache(maxsize=512)
def barcode_svg(text: str) -> SafeString:
    """The symbol with the text as its name; nothing for what Code 128 cannot say."""
    if not text or not text.isascii():
        return SafeString("")
    at, bars = QUIET, []
    for n, width in enumerate(widths_of(text)):
        if n % 2 == 0:
            bars.append(f"M{at} 0h{width}v{HEIGHT}h-{width}z")
        at += width
    return format_html(
        '<svg class="papercode" role="img" aria-label="{}" viewBox="0 0 {} {}"><path d="{}"/></svg>',
        text, at + QUIET, HEIGHT, "".join(bars),
    )  # fmt: skip
