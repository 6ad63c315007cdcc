"""A row of the list of orders."""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext as _

from distportal.common.channels import channel_word
from distportal.web.addresses import address
from distportal.web.templatetags.portal import money, status, when
from orders.queries.order_list import OrderRow, Progress


class OrderRows:
    """With `accounts` they say whose order it is, else where it goes."""

    def __init__(self, *, accounts: bool) -> None:
        self._accounts = accounts
        self._no_po, self._no_place = _("none"), _("not known yet")
        self._value, self._lines, self._next = escape(_("Value")), escape(_("Lines")), escape(_("Next"))
        self._shipped = escape(_("Lines shipped"))
        self._done, self._part = _("%(done)s of %(lines)s"), _("%(part)s in part")

    def row(self, row: OrderRow) -> str:
        """The row of one order."""
        order = row.order
        who = f"<small>{escape(order.placed_name)}</small>" if order.placed_name else ""
        next_on = when(row.next_on) if row.next_on else '<span class="none">—</span>'
        return (
            f'<tr><td><a href="{address("orders:detail", order.number)}">{escape(str(order))}</a>'
            f"<small>{escape(channel_word(order.channel))}</small></td>"
            f"<td>{status(order.status, order.get_status_display())}</td>"
            f'<td class="nowrap">{escape(order.po_number or self._no_po)}</td>'
            f"<td>{escape(self._whose(row))}</td>"
            f"<td>{when(order.placed_at)}{who}</td>"
            f'<td class="num" data-label="{self._value}">{escape(money(order.total, order.currency))}</td>'
            f'<td data-label="{self._lines}">{self._progress(row.progress)}</td>'
            f'<td data-label="{self._next}">{next_on}</td></tr>'
        )

    def _whose(self, row: OrderRow) -> str:
        if self._accounts:
            return row.order.account.name
        return (row.order.ship_to.name if row.order.ship_to else "") or self._no_place

    def _progress(self, progress: Progress) -> str:
        if not progress.lines:
            return ""
        said = self._done % {"done": progress.done, "lines": progress.lines}
        if progress.part:
            said = f"{said} · {self._part % {'part': progress.part}}"
        return (
            f'<progress max="{progress.lines}" value="{progress.done}" aria-label="{self._shipped}"></progress>'
            f"<small>{escape(said)}</small>"
        )
