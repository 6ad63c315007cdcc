"""The ways an order can come, as people write them."""

from __future__ import annotations

from django.utils.translation import gettext


def channel_word(channel: str) -> str:
    """`Portal`, `EDI`: the word for the way."""
    if channel == "portal":
        return gettext("Portal")
    return gettext("Marketplace") if channel == "market" else channel.upper()
