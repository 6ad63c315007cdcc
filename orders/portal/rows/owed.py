"""A row of the list of open lines."""

from __future__ import annotations

from html import escape

from django.utils.translation import gettext as _

from distportal.web.addresses import address
from distportal.web.templatetags.portal import qty, said, when
from orders.choices import LineStatus
from orders.models import OrderLine


class OwedRows:
    """With `accounts` they say whose order the line is of, too."""

    def __init__(self, *, accounts: bool) -> None:
        self._accounts = accounts
        self._po, self._from = _("PO %(po)s"), _("from %(place)s")
        self._owed, self._ordered = escape(_("Still owed")), escape(_("Ordered"))
        self._shipped, self._no_date = escape(_("Shipped")), escape(_("no date yet"))
        self._waits: dict[str, str] = {
            LineStatus.HELD: _("waits for an answer"),
            LineStatus.BACKORDERED: _("backordered"),
        }

    def row(self, line: OrderLine) -> str:
        """The row of one line."""
        order, item = line.order, line.item
        named = item.sku if item else _asked(line)
        name = f"<small>{escape(item.name)}</small>" if item else ""
        whose = f" · {order.account.name}" if self._accounts else ""
        about = (self._po % {"po": order.po_number or "—"}) + whose
        return (
            f"<tr><td><b>{escape(named)}</b>{name}</td>"
            f'<td><a href="{address("orders:detail", order.number)}">{escape(str(order))}</a>'
            f"<small>{escape(about)}</small></td>"
            f'<td class="num" data-label="{self._owed}"><b>{escape(qty(line.open_quantity, line.unit))}</b></td>'
            f'<td class="num" data-label="{self._ordered}">{escape(qty(line.quantity, line.unit))}</td>'
            f'<td class="num" data-label="{self._shipped}">{escape(qty(line.shipped_quantity, line.unit))}</td>'
            f"<td>{when(line.promised_on) if line.promised_on else self._no_date}"
            f"<small>{escape(self._why(line))}</small></td></tr>"
        )

    def _why(self, line: OrderLine) -> str:
        if line.promise_reason:
            return said(line.promise_reason)
        waits = self._waits.get(line.status, "")
        if waits or line.warehouse is None:
            return waits
        return self._from % {"place": line.warehouse.code.title()}


def _asked(line: OrderLine) -> str:
    """What the order called an item that nobody knows."""
    told = line.asked_items
    return str((told[0].get("value") if told else "") or line.description)
