"""A row of the list of payments."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from distportal.web.addresses import address
from distportal.web.templatetags.portal import money, when


class PaymentRows:
    """With `accounts` they say who paid."""

    def __init__(self, *, accounts: bool) -> None:
        self._accounts, self._documents = accounts, escape(_("Documents"))

    def row(self, payment: Any) -> str:
        """The row of one payment, with the number of its `documents` beside it."""
        whose = f"<td>{escape(payment.account.name)}</td>" if self._accounts else ""
        how = f"{escape(payment.method)} {escape(payment.payer)}"
        return (
            f'<tr><td><a href="{address("orders:payment", payment.pk)}">{escape(payment.trace)}</a>'
            f"<small>{how}</small></td><td>{when(payment.paid_on)}</td>{whose}"
            f'<td class="num" data-label="{self._documents}">{payment.documents}</td>'
            f'<td class="num"><b>{escape(money(payment.amount, payment.currency))}</b></td></tr>'
        )
