"""What of a payment a person has to settle, one case for each sort of trouble of one payment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from distportal.common.money import show_money
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import PaidOutcome
from orders.models import Remittance
from orders.process.remittance_ledger import Settled

SUBJECT = "remittance"


def tell_conflict(row: Remittance, applied: Remittance) -> None:
    """The trace was used before for other content; what came now is kept and counts for nothing."""
    told = (
        f"{row.account.name} sent trace {row.trace} twice with different content: {_money(applied.amount, applied)} "
        f"was applied, {_money(row.amount, row)} that came later was kept and not applied. Ask which holds"
    )
    _open(row, "duplicate_trace", told, row.amount, {"applied": str(applied.pk)})


def tell_left(row: Remittance, lines: Sequence[Settled]) -> None:
    """What found no invoice, what is too much, and what was kept back without a line that could carry it."""
    unknown = [line for line in lines if line.row.outcome == PaidOutcome.UNKNOWN and line.fact.number]
    lump = [line for line in lines if line.row.outcome == PaidOutcome.UNKNOWN and not line.fact.number]
    over = [line for line in lines if line.row.outcome == PaidOutcome.OVER]
    memos = [
        line for line in lines if line.row.outcome == PaidOutcome.CREDIT_TAKEN and line.row.difference != Decimal(0)
    ]
    left = [line for line in lines if line.deduction > 0 and line.row.outcome != PaidOutcome.UNKNOWN]
    _tell(row, "unknown_invoice", unknown, "is for documents that this account does not have")
    _tell(row, "lump_adjustment", lump, "is about no document: ask what it is for")
    _tell(row, "overpaid", over, "is more than is open: apply it elsewhere or pay it back")
    _tell(row, "credit_memo_differs", memos, "was taken for credit memos of another amount")
    _tell(row, "unclaimed_deduction", left, "was kept back and no invoice line can carry a dispute over it")


def end_unknown(row: Remittance) -> None:
    """Every line has found its invoice."""
    resolve_cases(
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        resolution=Resolution.RETRIED,
        reason="every line found its invoice",
        code="unknown_invoice",
    )


def _tell(row: Remittance, code: str, lines: Sequence[Settled], what: str) -> None:
    if not lines:
        return
    amounts = [line.deduction or line.row.difference or line.row.paid for line in lines]
    amount = sum((abs(one) for one in amounts), Decimal(0))
    numbers = [line.fact.number or line.fact.note or "a lump sum" for line in lines]
    first = ", ".join(numbers[:5]) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    sentence = f"Payment {row.trace} of {row.account.name}: {_money(amount, row)} {what} ({first})"
    told = [
        f"Line {line.row.position}: {line.row.get_outcome_display().lower()}, {line.fact.kind} "
        f"{line.fact.number or 'without a number'}, paid {_money(line.row.paid, row)} {line.row.note}".strip()
        for line in lines[:50]
    ]
    _open(row, code, sentence, amount, {"problems": told})


def _open(row: Remittance, code: str, sentence: str, amount: Decimal, data: dict[str, object]) -> None:
    open_case(
        kind=f"remittance.{code}",
        code=code,
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        sentence=sentence,
        account=row.account,
        amount=abs(amount),
        currency=row.currency,
        reference=f"payment {row.trace}",
        data=data,
    )


def _money(amount: Decimal, row: Remittance) -> str:
    return show_money(amount, row.currency)
