"""Each invoice is held against contract and shipment when it arrives, so that finance knows before the dealer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from distportal.common.money import show_money, show_price, to_cents
from distportal.events.clock import database_now
from exceptions.process.cases import open_case
from orders.choices import DisputeReason, FindingState, InvoiceKind
from orders.models import Invoice, InvoiceFinding
from orders.process.finding_ends import CODE, SUBJECT, end_corrected
from orders.queries.invoice_checks import LineCheck, delivery_in_words, line_checks
from orders.queries.tolerances import Tolerance, tolerance_of

NOTHING = Decimal(0)


def compare_document(row: Invoice) -> list[InvoiceFinding]:
    """What differs on an invoice, written once a line and reason with one case for finance; what keeps within the
    account's tolerance is written as let through, and nobody is asked. A credit memo ends what it corrects. The caller
    is in the transaction that recorded the document.
    """
    if row.kind == InvoiceKind.CREDIT_MEMO:
        end_corrected(row)
        return []
    tolerance = tolerance_of(row.account_id)
    found = [one for check in line_checks(row) for one in _findings(row, check, tolerance)]
    InvoiceFinding.objects.bulk_create(found, ignore_conflicts=True)
    written = InvoiceFinding.objects.filter(invoice=row, pk__in=[one.pk for one in found], state=FindingState.OPEN)
    rows = list(written.order_by("line__position"))
    if rows:
        _tell(row, rows)
    return rows


def _findings(row: Invoice, check: LineCheck, tolerance: Tolerance) -> Iterator[InvoiceFinding]:
    line, over, unsent = check.line, check.over or NOTHING, check.unsent or NOTHING
    right = line.unit_price - max(over, NOTHING)
    price = to_cents(over * line.quantity)
    if price > 0:
        words = f"{show_price(line.unit_price, row.currency)} billed, {show_price(right, row.currency)} agreed"
        one = _finding(row, check, DisputeReason.PRICE, line.quantity, min(price, line.amount), words)
        yield _let_through(one, tolerance) if tolerance.allows_price(over=over, agreed=right, amount=price) else one
    short = min(to_cents(unsent * right), line.amount - max(price, NOTHING))
    if short > 0:
        words = f"{line.quantity.normalize():f} {line.unit} billed, {check.sent or NOTHING:f} sent"
        one = _finding(row, check, DisputeReason.SHORT, unsent, short, words)
        sent = check.sent or NOTHING
        yield _let_through(one, tolerance) if tolerance.allows_quantity(unsent=unsent, sent=sent, amount=short) else one


def _finding(
    row: Invoice, check: LineCheck, reason: DisputeReason, quantity: Decimal, amount: Decimal, words: str
) -> InvoiceFinding:
    return InvoiceFinding(
        account=row.account, invoice=row, line=check.line, reason=reason, quantity=quantity, amount=amount,
        currency=row.currency, words=f"Line {check.line.position}: {words}"[:300],
    )  # fmt: skip


def _let_through(one: InvoiceFinding, tolerance: Tolerance) -> InvoiceFinding:
    one.state, one.ended_at = FindingState.TOLERATED, database_now()
    one.ended_because = f"within {tolerance.whose}"
    return one


def _tell(row: Invoice, rows: list[InvoiceFinding]) -> None:
    amount = sum((one.amount for one in rows), NOTHING)
    told = f". {words}" if (words := delivery_in_words(row)) else ""
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    open_case(
        kind="invoice.differs", code=CODE, subject_type=SUBJECT, subject_id=str(row.pk),
        sentence=f"Invoice {row.number} of {row.account.name} bills {show_money(amount, row.currency)} too much: "
        f"{rows[0].words}{more}{told}",
        account=row.account, amount=amount, currency=row.currency,
        data={"invoice": row.number}, reference=f"Invoice {row.number}",
    )  # fmt: skip
