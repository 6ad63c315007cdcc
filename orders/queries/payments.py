"""How far invoices are paid, by remittances and credit memos."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from distportal.accounts.models import Account
from orders.choices import DisputeStatus, InvoiceKind, PaymentState, RemittanceState
from orders.models import Dispute, Invoice, RemittanceLine
from orders.models.invoice import NORMALISED_NUMBER
from orders.queries.claims import in_dispute

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is open of one invoice: `total` less payments, discounts taken and credit memos that no payment took."""

    total: Decimal
    paid: Decimal = NOTHING
    discount: Decimal = NOTHING
    credited: Decimal = NOTHING

    @property
    def open(self) -> Decimal:
        """What is still owed; below zero where too much was paid."""
        return self.total - self.paid - self.discount - self.credited

    @property
    def state(self) -> PaymentState:
        """The word for it."""
        if self.open < 0:
            return PaymentState.OVERPAID
        if self.open == 0:
            return PaymentState.PAID
        return PaymentState.PART_PAID if self.open < self.total else PaymentState.OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    """A document, how far it is paid and what of it is in dispute; a credit memo has no balance."""

    invoice: Invoice
    balance: Balance | None
    disputed: Decimal = NOTHING

    @property
    def due(self) -> Decimal:
        """What is open and not in dispute: what has to be paid on its day."""
        return max(self.balance.open - self.disputed, NOTHING) if self.balance else NOTHING


def normalise_number(number: str) -> str:
    """Capitals and digits only, without leading zeros: `inv-0090` and `INV0090` are one. As NORMALISED_NUMBER does."""
    return "".join(c for c in number.upper() if c.isascii() and c.isalnum()).lstrip("0")


def invoices_numbered(*, account: Account, numbers: Iterable[str]) -> dict[str, list[Invoice]]:
    """Normalised number -> the account's documents of that number; another account's never, in one query."""
    wanted = {normalised for number in numbers if (normalised := normalise_number(number))}
    rows = Invoice.objects.filter(account=account).annotate(norm=NORMALISED_NUMBER).filter(norm__in=wanted)
    found: dict[str, list[Invoice]] = {}
    for row in rows.defer("canonical"):
        found.setdefault(normalise_number(row.number), []).append(row)
    return found


def invoices_of_orders(*, account: Account, po_norms: Collection[str]) -> dict[str, list[Invoice]]:
    """Normalised PO number -> the account's invoices of that order, in one query."""
    rows = Invoice.objects.filter(account=account, kind=InvoiceKind.INVOICE, order__po_norm__in=po_norms)
    found: dict[str, list[Invoice]] = {}
    for row in rows.select_related("order").defer("canonical").order_by("issued_on", "number"):
        if row.order:
            found.setdefault(row.order.po_norm, []).append(row)
    return found


def balances_of(invoices: Iterable[Invoice]) -> dict[UUID, Balance]:
    """Invoice id -> its balance, in two queries whatever their number."""
    totals = {row.pk: row.total for row in invoices}
    lines = RemittanceLine.objects.filter(invoice__in=totals, remittance__state=RemittanceState.APPLIED).order_by()
    paid = {pk: (sum_, off) for pk, sum_, off in lines.values_list("invoice").annotate(Sum("paid"), Sum("discount"))}
    taken = RemittanceLine.objects.filter(invoice=OuterRef("pk"), remittance__state=RemittanceState.APPLIED)
    memos = Invoice.objects.filter(corrects__in=totals, kind=InvoiceKind.CREDIT_MEMO).exclude(Exists(taken))
    credited = dict(memos.order_by().values_list("corrects").annotate(Sum("total")))
    return {
        pk: Balance(
            total=total,
            paid=paid.get(pk, (NOTHING, NOTHING))[0],
            discount=paid.get(pk, (NOTHING, NOTHING))[1],
            credited=credited.get(pk, NOTHING),
        )
        for pk, total in totals.items()
    }


def memos_taken() -> QuerySet[RemittanceLine, UUID | None]:
    """The ids of credit memos that a payment has taken off; they no longer lower the invoice they correct."""
    rows = RemittanceLine.objects.filter(
        remittance__state=RemittanceState.APPLIED, invoice__kind=InvoiceKind.CREDIT_MEMO
    )
    return rows.values_list("invoice", flat=True)


def payments_of(invoice: Invoice) -> QuerySet[RemittanceLine]:
    """The payments and deductions of an invoice, the newest first."""
    rows = invoice.payments.filter(remittance__state=RemittanceState.APPLIED)
    return rows.select_related("remittance").prefetch_related("disputes").order_by("-remittance__paid_on", "-pk")


def listed(invoices: Iterable[Invoice], *, by_what: bool = False) -> list[Listed]:
    """The documents with their balances, in their order and in one query; balances tell `by_what` an invoice was
    settled, payments or memos, where that is asked for or the database keeps no figure yet: in three.
    """
    rows = list(invoices)
    bills = [row for row in rows if row.kind == InvoiceKind.INVOICE]
    balances = {row.pk: _settled(row.total, row.still_open) for row in bills if row.still_open is not None}
    if by_what or len(balances) < len(bills):
        balances = balances_of(bills)
    disputed = in_dispute(balances.keys())
    return [Listed(row, balances.get(row.pk), disputed.get(row.pk, NOTHING)) for row in rows]


def _settled(total: Decimal, still_open: Decimal) -> Balance:
    return Balance(total=total, paid=total - still_open)


def terms_of(invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """Invoice id -> its terms in the ERP's words."""
    return dict(Invoice.objects.filter(pk__in=invoice_ids).order_by().values_list("pk", "canonical__terms"))


def repaid_disputes(invoice_ids: Collection[UUID]) -> list[UUID]:
    """The disputes over deductions from these invoices that nobody has decided: their payer has paid after all."""
    rows = Dispute.objects.filter(
        Q(remittance_lines__isnull=False) | Q(parent__remittance_lines__isnull=False),  # parts of a split one, too
        invoice__in=invoice_ids,
        status__in=DisputeStatus.UNDECIDED,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())
