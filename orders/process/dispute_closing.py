"""A booked dispute closes by itself once its credit memo is what was approved and stands against what is owed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from distportal.common.money import show_money
from distportal.observability.correlation import correlated
from exceptions.process.cases import open_case
from orders.choices import DisputeStatus, RemittanceState
from orders.models import Dispute, Invoice, RemittanceLine
from orders.process.case_facts import about_dispute
from orders.process.dispute_moves import CASE, take_step
from orders.process.locks import locked_dispute
from orders.queries.cases import disputes_told_of

DIFFERS = "memo_differs"
"""The code of the case of a credit memo over another amount than was approved."""
_AT_ONCE = 200


def close_if_settled(row: Dispute) -> bool:
    """Whether the dispute was closed: it is booked, its cause is known, and its credit memo, which comes to what was
    approved, is applied. A credit memo of another amount has one case instead, and a person closes it.

    The caller holds the dispute's lock.
    """
    memo = row.credit_memo
    if row.status != DisputeStatus.BOOKED or memo is None or not row.root_cause:
        return False
    if row.amount_approved not in (memo.total, memo.total - memo.tax):
        _tell_differs(row, memo)
        return False
    if not _applied(memo):
        return False
    take_step(row, "close", f"by itself: credit memo {memo.number} is applied", internal=True)
    return True


def close_settled() -> int:
    """How many booked disputes were closed by themselves: their credit memos were taken by a payment meanwhile."""
    taken = _payments_of(OuterRef("credit_memo"))
    rows = Dispute.objects.filter(Q(credit_memo__corrects__isnull=False) | Exists(taken), status=DisputeStatus.BOOKED)
    rows = rows.exclude(root_cause="").exclude(pk__in=disputes_told_of(DIFFERS))
    return sum(_close(pk) for pk in rows.order_by("number").values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def _close(dispute_id: UUID) -> bool:
    return close_if_settled(locked_dispute(dispute_id))


def _applied(memo: Invoice) -> bool:
    """A credit memo lowers the invoice that it corrects; one that corrects none is applied once a payment takes it."""
    return memo.corrects_id is not None or _payments_of(memo.pk).exists()


def _payments_of(memo: UUID | OuterRef) -> QuerySet[RemittanceLine]:
    return RemittanceLine.objects.filter(invoice=memo, remittance__state=RemittanceState.APPLIED)


def _tell_differs(row: Dispute, memo: Invoice) -> None:
    with correlated(row.correlation_id):
        open_case(
            kind="dispute.memo_differs", code=DIFFERS, subject_type=CASE, subject_id=str(row.pk),
            sentence=f"{row}: {show_money(row.amount_approved, row.currency)} were approved and credit memo "
            f"{memo.number} is over {show_money(memo.total, memo.currency)}. Have it corrected, or close it as it is",
            **about_dispute(row, abs(memo.total - row.amount_approved)), data={"memo": memo.number},
        )  # fmt: skip
