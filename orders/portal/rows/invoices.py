"""A row of the list of invoices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from html import escape

from django.utils.translation import gettext as _

from distportal.web.addresses import address
from distportal.web.templatetags.portal import money, status, when
from orders.models import Order
from orders.queries.payments import Listed


class InvoiceRows:
    """With `accounts` they say whose invoice it is, else when it is due; overdue counts from `today`. Where they are
    `pickable`, those `picked` are ticked.
    """

    def __init__(self, *, accounts: bool, today: dt.date | None, pickable: bool, picked: Collection[str] = ()) -> None:
        self._accounts, self._today, self._pickable, self._picked = accounts, today, pickable, picked
        self._tick, self._po = _("Tick %(number)s"), _("PO %(po)s")
        self._due, self._issued = escape(_("Due")), escape(_("Issued"))
        self._total, self._open = escape(_("Total")), escape(_("Open"))
        self._overdue = escape(_("overdue"))

    def row(self, row: Listed) -> str:
        """The row of one document."""
        invoice, balance = row.invoice, row.balance
        number, currency = escape(invoice.number), invoice.currency
        return (
            f"<tr>{self._box(invoice.number)}"
            f'<td><a href="{escape(address("orders:invoice", invoice.number))}">{number}</a>'
            f"<small>{escape(invoice.get_kind_display())}</small></td>"
            f"<td>{self._order(invoice.order)}</td>{self._day(row)}"
            f'<td data-label="{self._issued}">{when(invoice.issued_on)}</td>'
            f'<td class="num" data-label="{self._total}">{escape(money(invoice.signed_total, currency))}</td>'
            f'<td class="num" data-label="{self._open}">{escape(money(balance.open, currency)) if balance else ""}</td>'
            f"<td>{status(balance.state, balance.state.label) if balance else ''}</td></tr>"
        )

    def _box(self, number: str) -> str:
        if not self._pickable:
            return ""
        said = escape(self._tick % {"number": number})
        ticked = " checked" if number in self._picked else ""
        box = f'<input type="checkbox" name="pick" value="{escape(number)}" aria-label="{said}"{ticked}>'
        return f'<td class="pick">{box}</td>'

    def _order(self, order: Order | None) -> str:
        if order is None:
            return ""
        po = escape(self._po % {"po": order.po_number})
        return f'<a href="{address("orders:detail", order.number)}">{escape(str(order))}</a><small>{po}</small>'

    def _day(self, row: Listed) -> str:
        invoice = row.invoice
        if self._accounts:
            return f"<td>{escape(invoice.account.name)}</td>"
        late = self._today is not None and invoice.due_on < self._today and row.due > 0
        remark = f'<small class="remark warn">{self._overdue}</small>' if late else ""
        return f'<td data-label="{self._due}">{when(invoice.due_on)}{remark}</td>'
