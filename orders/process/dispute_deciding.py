"""Finance decides a dispute: propose, approve with a second person above one's limit, send back, reject."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.common.money import show_money
from distportal.events.clock import database_now
from orders.choices import DenyReason, DisputeOutcome, DisputeStatus, LetterKind, RootCause, WriteOffReason
from orders.errors import DisputeRefused
from orders.models import Dispute
from orders.process.commands import request_erp_credit
from orders.process.dispute_letters import write_letter
from orders.process.dispute_locks import locked_to_decide
from orders.process.dispute_moves import end_case, require_finance, take_step, tell
from orders.process.finding_ends import OWN_CHECK
from orders.queries.limits import approval_limit, approved_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    amount: Decimal
    root_cause: RootCause
    reason: str
    outcome: DisputeOutcome
    write_off_reason: WriteOffReason | None


@transaction.atomic
def propose_decision(
    *, dispute_id: UUID, amount: Decimal, root_cause: RootCause, reason: str, user: User,
    outcome: DisputeOutcome = DisputeOutcome.CREDIT, write_off_reason: WriteOffReason | None = None,
) -> Dispute:  # fmt: skip
    """The dispute with what its processor thinks right; somebody approves that, changes it or sends it back.

    Raises NotAllowed, IllegalMove, and DisputeRefused as approve_dispute does.
    """
    row, told = (
        _open_to(dispute_id, user),
        _Decision(
            amount=amount, root_cause=root_cause, reason=reason, outcome=outcome, write_off_reason=write_off_reason
        ),
    )
    _fill_in(row, told)
    row.decided_by, row.decided_at, row.approved_by = user, database_now(), None
    row.processor = row.processor or user
    take_step(row, "propose", reason, internal=True)
    return row


@transaction.atomic
def approve_dispute(
    *, dispute_id: UUID, amount: Decimal, root_cause: RootCause, reason: str, user: User,
    outcome: DisputeOutcome = DisputeOutcome.CREDIT, write_off_reason: WriteOffReason | None = None,
) -> Dispute:  # fmt: skip
    """The dispute, approved and its credit requested, or waiting for a second person above the approver's limit. What
    the same person approved alone on the same invoice counts towards the limit, so that parts do not get around it.

    Raises NotAllowed for people outside finance; DisputeRefused without a reason, for an amount outside the claim, or
    when the first person approves twice; IllegalMove where it was decided meanwhile.
    """
    row, told = (
        _open_to(dispute_id, user),
        _Decision(
            amount=amount, root_cause=root_cause, reason=reason, outcome=outcome, write_off_reason=write_off_reason
        ),
    )
    second = row.status == DisputeStatus.WAITING_APPROVAL
    if second and row.decided_by_id == user.pk:
        raise DisputeRefused("a second person must agree; nothing was decided")
    if second and (amount, outcome) != (row.amount_approved, row.outcome):
        first = f"{show_money(row.amount_approved, row.currency)} as a {row.get_outcome_display().lower()}"
        raise DisputeRefused(f"the first person proposed {first}; agree to that or send it back")
    _fill_in(row, told)
    if not second:
        row.decided_by, row.decided_at = user, database_now()
    within = amount + approved_alone(user=user, row=row) <= approval_limit(user=user, reason=row.reason)
    if not (second or within):
        row.approved_by = None
        take_step(row, "approve", reason, to=DisputeStatus.WAITING_APPROVAL, internal=True)
        return row
    row.approved_by = user
    take_step(row, "approve", reason, to=DisputeStatus.APPROVED)
    request_erp_credit(dispute=row)
    write_letter(row, LetterKind.OWN if row.channel == OWN_CHECK else LetterKind.CREDIT, reason)
    tell(row, "dispute.approved")
    return row


@transaction.atomic
def send_back(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The dispute, back in review: who was asked to agree does not. Raises NotAllowed, DisputeRefused without a reason,
    IllegalMove where nothing is proposed.
    """
    row = _open_to(dispute_id, user)
    _need(reason)
    row.amount_approved, row.outcome, row.write_off_reason = Decimal(0), "", ""
    row.decided_by, row.decided_at, row.decision_reason = None, None, ""
    take_step(row, "send_back", reason, internal=True)
    return row


@transaction.atomic
def reject_dispute(
    *, dispute_id: UUID, reason: str, user: User, deny_reason: DenyReason | None = None,
    root_cause: RootCause | None = None,
) -> Dispute:  # fmt: skip
    """The dispute, rejected with its reason and a letter; its case closes. Raises DisputeRefused without a reason."""
    row = _open_to(dispute_id, user)
    _need(reason)
    row.decided_by, row.decided_at, row.decision_reason = user, database_now(), reason.strip()
    row.outcome, row.amount_approved, row.write_off_reason = DisputeOutcome.DENY, Decimal(0), ""
    row.deny_reason, row.root_cause = deny_reason or row.deny_reason, root_cause or row.root_cause
    take_step(row, "reject", reason)
    end_case(row, f"rejected: {reason.strip()}")
    write_letter(row, LetterKind.DENIAL, reason)
    tell(row, "dispute.rejected")
    return row


def _open_to(dispute_id: UUID, user: User) -> Dispute:
    require_finance(user)
    return locked_to_decide(dispute_id)


def _fill_in(row: Dispute, told: _Decision) -> None:
    _need(told.reason)
    if not Decimal(0) < told.amount <= row.amount_claimed:
        raise DisputeRefused(f"approve between 0.01 and {row.amount_claimed}; nothing was decided")
    if told.outcome == DisputeOutcome.DENY:
        raise DisputeRefused("a denial approves no amount: reject the dispute instead")
    if told.outcome == DisputeOutcome.WRITE_OFF and told.write_off_reason is None:
        raise DisputeRefused("say why the amount is written off; nothing was decided")
    row.amount_approved, row.root_cause, row.decision_reason = told.amount, told.root_cause, told.reason.strip()
    row.outcome, row.deny_reason = told.outcome, ""
    row.write_off_reason = (told.write_off_reason or "") if told.outcome == DisputeOutcome.WRITE_OFF else ""


def _need(reason: str) -> None:
    if not reason.strip():
        raise DisputeRefused("a decision needs a reason; nothing was decided")
