"""Match the lines of a payment to invoices and say what each line did, by our books and not by the payer's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_noop

from distportal.accounts.models import Account
from distportal.canonical.remittances import Adjustment
from distportal.canonical.remittances import RemittanceLine as LineFact
from distportal.common.terms import read_terms
from orders.choices import InvoiceKind, PaidOutcome
from orders.models import Invoice, RemittanceLine
from orders.process.locks import locked_invoices
from orders.queries.claims import in_dispute
from orders.queries.numbers import normalise_po
from orders.queries.payments import (
    balances_of,
    invoices_numbered,
    invoices_of_orders,
    memos_taken,
    normalise_number,
    terms_of,
)

NOTHING = Decimal(0)


@dataclass(slots=True)
class Settled:
    """One line with its row filled in. `deduction` is what its payer kept back and no dispute covers yet."""

    fact: LineFact
    row: RemittanceLine
    invoice: Invoice | None = None
    deduction: Decimal = NOTHING
    adjustments: list[Adjustment] = field(default_factory=list)


@dataclass(slots=True)
class _Running:
    """Running figures of one invoice while the lines of a payment go by."""

    open: Decimal
    disputed: Decimal


class Ledger:
    """The invoices that the lines of one payment name, locked, with what is open of each."""

    def __init__(self, account: Account, facts: Sequence[LineFact], *, paid_on: dt.date, currency: str) -> None:
        self._paid_on, self._currency = paid_on, currency
        numbers = [fact.number for fact in facts if fact.kind in ("invoice", "credit_memo")]
        norms = {normalise_po(fact.number) for fact in facts if fact.kind == "po"} - {""}
        self._by_number = invoices_numbered(account=account, numbers=numbers)
        self._by_po = invoices_of_orders(account=account, po_norms=norms) if norms else {}
        known = {i.pk: i for rows in (*self._by_number.values(), *self._by_po.values()) for i in rows}
        corrected = {i.corrects_id for i in known.values() if i.corrects_id}
        locked = locked_invoices({*known, *corrected})
        balances, disputed = balances_of(locked.values()), in_dispute(locked)
        self._running = {pk: _Running(balances[pk].open, disputed.get(pk, NOTHING)) for pk in locked}
        self._terms = terms_of(known) if any(fact.discount > 0 for fact in facts) else {}
        self._taken: set[UUID | None] = set(memos_taken().filter(invoice__in=known))

    def settle(self, lines: Sequence[Settled]) -> None:
        """Every row has its invoice, outcome and difference. Credit memos come first: they open what they corrected."""
        for line in lines:
            found = self._invoice_of(line)
            if found and found.currency != self._currency:
                told = {"number": found.number, "billed": found.currency, "paid": self._currency}
                line.row.note = gettext_noop("%(number)s is billed in %(billed)s, paid is %(paid)s.") % told
                found = None
            line.invoice = line.row.invoice = found
        for line in lines:
            if line.invoice and line.invoice.kind == InvoiceKind.CREDIT_MEMO:
                self._take_memo(line, line.invoice)
        for line in lines:
            if line.invoice and line.invoice.kind == InvoiceKind.INVOICE:
                self._pay(line, line.invoice)

    def paid_up(self) -> list[UUID]:
        """The invoices of which nothing is open any more."""
        return [pk for pk, running in self._running.items() if running.open <= 0]

    def _invoice_of(self, line: Settled) -> Invoice | None:
        fact = line.fact
        if fact.kind == "po":
            return self._by_order(line, self._by_po.get(normalise_po(fact.number), []))
        if fact.kind == "other":
            return None
        wanted = InvoiceKind.CREDIT_MEMO if fact.kind == "credit_memo" else InvoiceKind.INVOICE
        rows = self._by_number.get(normalise_number(fact.number), [])
        exact = [row for row in rows if row.number == fact.number]
        for row in (*exact, *rows):
            # Many payers call a credit memo an invoice and let the sign tell.
            if row.kind == wanted or (row.kind == InvoiceKind.CREDIT_MEMO and fact.paid < 0):
                return row
        return None

    def _by_order(self, line: Settled, rows: list[Invoice]) -> Invoice | None:
        """The order's only invoice, or the first that is open with exactly what is paid."""
        if len(rows) == 1:
            return rows[0]
        fits = [row for row in rows if self._running[row.pk].open == line.fact.paid]
        if rows and not fits:
            told = gettext_noop("PO %(po)s has %(number)s invoices; none is open with this amount")
            line.row.note = (told % {"po": line.fact.number, "number": len(rows)})[:300]
        return fits[0] if fits else None

    def _take_memo(self, line: Settled, memo: Invoice) -> None:
        line.row.outcome = PaidOutcome.CREDIT_TAKEN
        line.row.difference = line.fact.paid + memo.total
        if memo.pk in self._taken:
            line.row.outcome, line.row.difference = PaidOutcome.OVER, line.fact.paid
            line.row.note = gettext_noop("This credit memo was taken before.")
            return
        self._taken.add(memo.pk)
        corrected = self._running.get(memo.corrects_id) if memo.corrects_id else None
        if corrected:
            corrected.open += memo.total

    def _pay(self, line: Settled, invoice: Invoice) -> None:
        running, fact, row = self._running[invoice.pk], line.fact, line.row
        row.discount = self._earned(invoice, fact)
        running.open = after = running.open - fact.paid - row.discount
        short = -fact.paid if fact.paid < 0 else after
        row.difference = -after
        if fact.paid < 0:
            row.outcome, row.difference = PaidOutcome.DEDUCTED, fact.paid
        elif after < 0:
            row.outcome = PaidOutcome.OVER
        else:
            row.outcome = PaidOutcome.SHORT if after > 0 else PaidOutcome.PAID
        line.deduction = max(NOTHING, min(short, after - running.disputed))
        running.disputed += line.deduction
        line.adjustments = list(fact.adjustments)
        if fact.discount > row.discount:
            line.adjustments.append(Adjustment(amount=row.discount - fact.discount, reason="90"))

    def _earned(self, invoice: Invoice, fact: LineFact) -> Decimal:
        """The discount as far as the invoice's terms give one and the payment came in time."""
        if fact.discount <= 0:
            return NOTHING
        terms = read_terms(self._terms.get(invoice.pk, ""))
        until = terms.discount_until(invoice.issued_on)
        return min(fact.discount, terms.discount_of(invoice.total)) if until and self._paid_on <= until else NOTHING
