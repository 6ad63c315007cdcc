"""A decision is taken back: before the ERP has booked it by not asking for it, afterwards by a debit memo."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.common.money import show_money
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import CommandKind, CommandState, DisputeStatus
from orders.errors import DisputeRefused
from orders.models import Dispute, ErpCommand
from orders.process.case_facts import about_dispute
from orders.process.commands import request_erp_debit
from orders.process.dispute_closing import close_if_settled
from orders.process.dispute_locks import locked_to_decide
from orders.process.dispute_moves import CASE, end_case, enter, require_finance, save_because, take_step, tell
from orders.queries.claims import claimable
from orders.queries.dispute_steps import why_not
from orders.queries.limits import approval_limit

REVERSAL = "reversal"
TAKEN_BACK = "taken_back"


@transaction.atomic
def take_back_decision(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The dispute, back in review: what was approved and not asked of the ERP yet, or refused by it, or rejected.

    Raises NotAllowed, IllegalMove; DisputeRefused without a reason, once the ERP has the request, and where another
    dispute claims the lines now.
    """
    row = _open_to(dispute_id, reason, user)
    if row.status == DisputeStatus.APPROVED:
        _stop_request(row)
    elif row.status == DisputeStatus.REJECTED:
        _claim_again(row)
    row.amount_approved, row.outcome, row.deny_reason, row.write_off_reason = Decimal(0), "", "", ""
    row.decided_by = row.approved_by = row.decided_at = None
    row.decision_reason = ""
    take_step(row, "take_back", reason)
    with correlated(row.correlation_id):
        open_case(
            kind="dispute.open", code="dispute", subject_type=CASE, subject_id=str(row.pk),
            sentence=f"{row}: the decision was taken back ({reason.strip()}); decide again",
            **about_dispute(row, row.amount_claimed),
        )  # fmt: skip
    tell(row, "dispute.taken_back")
    return row


def _stop_request(row: Dispute) -> None:
    """The request leaves no more. The caller holds the command's lock."""
    command = ErpCommand.objects.filter(dispute=row, kind=CommandKind.CREDIT_REQUEST).order_by("-requested_at").first()
    if command is None:
        return
    if command.state not in (CommandState.PENDING, CommandState.REJECTED):
        raise DisputeRefused(
            "the ERP has the request for the credit already; wait for its credit memo and take the credit back then"
        )
    if command.state == CommandState.PENDING:
        command.state, command.settled_at = CommandState.REJECTED, database_now()
        command.error_code, command.error_text = TAKEN_BACK, "The decision was taken back before it was sent."
        command.save()
    resolve_cases(
        subject_type="command", subject_id=str(command.pk), resolution=Resolution.BY_HAND,
        reason="the decision was taken back",
    )  # fmt: skip
    end_case(row, "the decision was taken back", code="erp_refused")


def _claim_again(row: Dispute) -> None:
    room = claimable(row.invoice)
    taken = [line for line in row.lines.select_related("invoice_line") if room[line.invoice_line_id] < line.amount]
    if taken:
        raise DisputeRefused(
            f"line {taken[0].invoice_line.position} is claimed by another dispute now; decide on that one"
        )


@transaction.atomic
def reverse_credit(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The booked dispute, its credit being taken back: the ERP is asked for a debit memo at once, or, above the
    person's limit, when a second one agrees. Raises NotAllowed, DisputeRefused without a reason, IllegalMove.
    """
    row = _open_to(dispute_id, reason, user)
    row.reversal_reason, row.reversed_by, row.reversal_agreed_by = reason.strip(), user, None
    take_step(row, "reverse", reason)
    within = row.amount_approved <= approval_limit(user=user, reason=row.reason)
    with correlated(row.correlation_id):
        open_case(
            kind="dispute.reversal", code=REVERSAL, subject_type=CASE, subject_id=str(row.pk),
            sentence=f"{row}: the credit of {show_money(row.amount_approved, row.currency)} is to be taken back"
            + ("" if within else "; a second person has to agree"),
            **about_dispute(row, row.amount_approved),
        )  # fmt: skip
    if within:
        _ask_erp(row, user, reason)
    return row


@transaction.atomic
def agree_reversal(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The reversal is asked of the ERP. Raises NotAllowed; DisputeRefused for the person who wanted it, without a
    reason, and where it was asked before.
    """
    row = _open_to(dispute_id, reason, user)
    _need_reversal(row)
    if row.reversed_by_id == user.pk:
        raise DisputeRefused("a second person must agree; nothing was done")
    _ask_erp(row, user, reason)
    return row


@transaction.atomic
def refuse_reversal(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The dispute, closed as before: its credit stays. Raises NotAllowed, DisputeRefused once the ERP was asked."""
    row = _open_to(dispute_id, reason, user)
    _need_reversal(row)
    row.reversal_reason, row.reversed_by = "", None
    take_step(row, "keep", reason, internal=True)
    end_case(row, reason, code=REVERSAL)
    close_if_settled(row)
    return row


def _open_to(dispute_id: UUID, reason: str, user: User) -> Dispute:
    require_finance(user)
    if not reason.strip():
        raise DisputeRefused("taking back needs a reason; nothing was done")
    return locked_to_decide(dispute_id)


def _need_reversal(row: Dispute) -> None:
    if row.status != DisputeStatus.REVERSING:
        raise DisputeRefused(why_not(row, "keep"))
    if row.reversal_agreed_by_id:
        raise DisputeRefused("the ERP was asked for the debit memo already; nothing was done")


def _ask_erp(row: Dispute, user: User, reason: str) -> None:
    row.reversal_agreed_by = user
    save_because(row, reason)
    enter(row, "reversal agreed", reason, internal=True)
    request_erp_debit(dispute=row)
    tell(row, "dispute.reversing")
