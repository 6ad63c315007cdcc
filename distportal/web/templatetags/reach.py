"""Links that are there for who may follow them."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from distportal.web.reach import may_open

register = template.Library()


@register.filter
def opens_for(address: str, request: HttpRequest) -> bool:
    """Whether the page at the address lets the reader in: `{% if url|opens_for:request %}`."""
    return bool(address) and may_open(request, address)


@register.simple_block_tag(takes_context=True)
def linked(context: Any, content: SafeString, address: str) -> SafeString:
    """What stands in the block, as a link where its reader may follow it, else in bold as a row's name is:
    `{% linked row.url %}{{ row }}{% endlinked %}`.
    """
    if address and may_open(context["request"], address):
        return format_html('<a href="{}">{}</a>', address, content)
    return format_html("<b>{}</b>", content)
