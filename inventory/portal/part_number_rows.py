"""`{% load part_number_rows %}`: rows of a dealer's own numbers, drawn by Python as `inventory.portal.cells` are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from distportal.web.addresses import address
from inventory.models import ItemCrossReference

register = template.Library()


class PartNumberRows:
    """The words of all rows; with a `token` each can be forgotten."""

    def __init__(self, *, token: str) -> None:
        self._keep_one = escape(_("Stands for several items: keep one"))
        self._staff, self._of = _("our staff"), _("%(code)s for %(sku)s")
        self._remove = escape(_("Remove"))
        self._head = (
            f'<form class="inline" method="post" action="{escape(address("part_numbers_change"))}">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
        )
        self._may_keep = bool(token)

    def row(self, row: Any) -> str:
        """The row of one number, with `unclear` beside it."""
        item = row.item
        several = f'<small class="remark warn">{self._keep_one}</small>' if row.unclear else ""
        return (
            f'<tr><td class="mono"><b>{escape(row.code)}</b>{several}</td>'
            f'<td><a href="{escape(address("item", item.sku))}">{escape(item.sku)}</a>'
            f"<small>{escape(item.name)}</small></td>"
            f'<td><span class="quiet">{escape(row.created_by or self._staff)}</span></td>'
            f'<td class="num">{self._forget(row)}</td></tr>'
        )

    def _forget(self, row: ItemCrossReference) -> str:
        if not self._may_keep:
            return ""
        said = escape(self._of % {"code": row.code, "sku": row.item.sku})
        return (
            f'{self._head}<input type="hidden" name="forget" value="{row.pk}">'
            f'<button class="btn small" type="submit">{self._remove}<span class="sr"> {said}</span></button></form>'
        )


@register.simple_tag(takes_context=True)
def part_number_rows(context: Any, rows: Iterable[ItemCrossReference]) -> SafeString:
    """The numbers of a page; who may keep them has a button to forget each."""
    token = str(context.get("csrf_token", "")) if context.get("may_keep") else ""
    return SafeString("\n".join(map(PartNumberRows(token=token).row, rows)))  # each value was escaped
