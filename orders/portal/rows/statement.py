"""A row of the statement."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from distportal.web.addresses import address
from distportal.web.templatetags.portal import money, when
from orders.choices import InvoiceKind
from orders.queries.statement import Movement


class MovementRows:
    """All in one currency."""

    def __init__(self, *, currency: str) -> None:
        self._currency = currency
        self._payment, self._memo = escape(_("Payment")), escape(_("Credit memo"))
        self._due, self._charge = escape(_("Due")), escape(_("Charge"))
        self._credit, self._balance = escape(_("Credit")), escape(_("Balance"))

    def row(self, move: Movement) -> str:
        """The row of one document or payment."""
        due = f'<td data-label="{self._due}">{when(move.due_on)}</td>' if move.due_on else "<td></td>"
        return (
            f"<tr><td>{when(move.on)}</td><td>{self._document(move)}</td><td>{escape(move.reference)}</td>{due}"
            f'<td class="num" data-label="{self._charge}">{self._money(move.charge)}</td>'
            f'<td class="num" data-label="{self._credit}">{self._money(move.credit)}</td>'
            f'<td class="num" data-label="{self._balance}">{self._money(move.balance)}</td></tr>'
        )

    def _document(self, move: Movement) -> str:
        number = escape(move.number)
        if move.kind == "payment":
            found = escape(f"{address('orders:payments')}?{urlencode({'q': move.number})}")
            return f'<a href="{found}">{self._payment} {number}</a>'
        memo = f"<small>{self._memo}</small>" if move.kind == InvoiceKind.CREDIT_MEMO else ""
        return f'<a href="{escape(address("orders:invoice", move.number))}">{number}</a>{memo}'

    def _money(self, amount: Decimal | None) -> str:
        return "" if amount is None else escape(money(amount, self._currency))
