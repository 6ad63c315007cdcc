"""A buyer's debit against invoices becomes disputes; its credit is a note."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from distportal.canonical.debits import DebitCredit
from distportal.common.money import show_money
from orders.choices import InvoiceKind
from orders.errors import NotMatched
from orders.models import Dispute, Invoice
from orders.process.deductions import Deduction, open_deduction
from orders.process.locks import locked_account
from orders.queries.numbers import normalise_po
from orders.queries.payments import invoices_numbered, invoices_of_orders, normalise_number


@dataclass(frozen=True, slots=True)
class Debited:
    """The disputes that stand for the debit now, and what a reader should know."""

    disputes: tuple[Dispute, ...]
    notes: tuple[str, ...]


@transaction.atomic
def record_debit(*, adjustment: DebitCredit, told_by: str) -> Debited:
    """The debit as disputes, one per invoice and reason, opened once per number of the adjustment; a credit opens none.

    Raises UnknownAccount, and NotMatched (nothing is opened) for an invoice that the account does not have, for a
    number that stood for other amounts before, or where no line of the invoice can carry the debit.
    """
    account = locked_account(adjustment.account)
    wanted, words = _debits(adjustment)
    credit = sum((line.amount for line in adjustment.lines if line.side == "credit"), Decimal(0))
    notes = [f"A credit of {show_money(credit, adjustment.currency)} was noted; it opens nothing."] if credit else []
    by_number = invoices_numbered(account=account, numbers=[number for number, _ in wanted])
    po = normalise_po(adjustment.po_number)
    by_po = invoices_of_orders(account=account, po_norms=[po]) if po else {}
    found = []
    for (number, reason), amount in wanted.items():
        deduction = Deduction(
            key=f"debit/{adjustment.number}",
            invoice=_invoice(number, by_number, by_po.get(po, []), adjustment),
            amount=amount,
            reason=reason,
            note="; ".join(words[number, reason]) or f"{told_by}: reason code {reason} (X12 426)",
            told_by=told_by,
            channel=adjustment.channel,
        )
        dispute, left = open_deduction(account=account, deduction=deduction)
        if dispute is None or left or dispute.amount_claimed != amount:
            raise NotMatched(
                f"invoice {deduction.invoice.number} cannot carry a claim over "
                f"{show_money(amount, adjustment.currency)}, because its lines are in dispute already, are worth less, "
                f"or adjustment {adjustment.number} claimed another amount before; nothing was opened"
            )
        found.append(dispute)
    return Debited(tuple(found), tuple(notes))


def _debits(adjustment: DebitCredit) -> tuple[dict[tuple[str, str], Decimal], dict[tuple[str, str], list[str]]]:
    """(invoice number, reason) -> what is debited for it, and the words."""
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in adjustment.lines:
        if line.side == "debit":
            key = (line.invoice_number or adjustment.invoice_number, line.reason)
            wanted[key] += line.amount
            words[key] += [line.note] if line.note else []
    return wanted, words


def _invoice(
    number: str, by_number: dict[str, list[Invoice]], of_order: list[Invoice], adjustment: DebitCredit
) -> Invoice:
    rows = [row for row in by_number.get(normalise_number(number), []) if row.kind == InvoiceKind.INVOICE]
    if not number and len(of_order) == 1:
        rows = of_order
    if not rows:
        named = f"invoice {number}" if number else f"one invoice of PO {adjustment.po_number or '(none named)'}"
        raise NotMatched(f"adjustment {adjustment.number} is about {named}, which this account does not have")
    return rows[0]
