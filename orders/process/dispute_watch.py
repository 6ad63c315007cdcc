"""Look after what is promised: credits that the ERP's people refused later, and questions that nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from distportal.common.money import show_money
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from distportal.systems.erp.port import OrderState
from distportal.systems.errors import SystemCallError
from distportal.systems.registry import erp
from exceptions.process.cases import open_case
from orders.choices import CommandKind, CommandState, DisputeStatus
from orders.models import Dispute, ErpCommand
from orders.process.case_facts import about_dispute
from orders.process.dispute_closing import close_settled
from orders.process.dispute_moves import CASE, enter
from orders.process.dispute_work import UNANSWERED
from orders.process.locks import locked_command, locked_dispute
from orders.queries.cases import disputes_told_of

REFUSED = "erp_refused"
_ENDED = ("rejected", "cancelled")
_AT_ONCE = 200


def watch_disputes() -> int:
    """How many credits and debits the ERP was found to have refused after it took them; each becomes one case. An ERP
    that does not answer is asked the next time. Questions whose day has passed get their case, too, and what a payment
    settled meanwhile is closed.
    """
    _tell_unanswered()
    close_settled()
    rows = ErpCommand.objects.filter(
        kind__in=(CommandKind.CREDIT_REQUEST, CommandKind.DEBIT_REQUEST),
        state=CommandState.CONFIRMED,
        dispute__status__in=(DisputeStatus.APPROVED, DisputeStatus.REVERSING),
    )
    return sum(_look(row) for row in rows.order_by("requested_at")[:_AT_ONCE])


def _look(command: ErpCommand) -> bool:
    try:
        found = erp(command.erp).find_order(command.order_key)
    except SystemCallError:
        return False
    if not found or any(state.stage not in _ENDED for state in found):
        return False
    return record_late_refusal(command_id=command.pk, found=found)


@transaction.atomic
def record_late_refusal(*, command_id: UUID, found: Sequence[OrderState]) -> bool:
    """Whether it was news: the request counts as refused and one case says so. The dispute stays approved until
    somebody takes the decision back, so that what was promised is not forgotten; a reversal waits in the same way.
    """
    command = locked_command(command_id)
    if command.state != CommandState.CONFIRMED or command.dispute_id is None:
        return False
    row = locked_dispute(command.dispute_id)
    reason = next((state.reason for state in found if state.reason), "") or "without a reason"
    command.state, command.error_code, command.error_text = CommandState.REJECTED, REFUSED, reason[:500]
    command.settled_at = database_now()
    command.save()
    enter(row, "refused by the ERP", reason, internal=True)
    if row.status == DisputeStatus.REVERSING:
        row.reversal_agreed_by = None
        row.save()
    with correlated(row.correlation_id):
        open_case(
            kind="dispute.erp_refused", code=REFUSED, subject_type=CASE, subject_id=str(row.pk),
            sentence=f"The ERP refused {show_money(row.amount_approved, row.currency)} for {row} after it had taken "
            f"the request {command.order_key}: {reason}",
            **about_dispute(row, row.amount_approved), data={"key": command.order_key},
        )  # fmt: skip
    return True


def _tell_unanswered() -> None:
    today = site_day(database_now())
    rows = Dispute.objects.filter(status=DisputeStatus.NEED_INFO, remind_on__lt=today).select_related("account")
    rows = rows.exclude(pk__in=disputes_told_of(UNANSWERED))
    for row in rows.order_by("remind_on")[:_AT_ONCE]:
        _remind(row)


@transaction.atomic
def _remind(seen: Dispute) -> None:
    row = locked_dispute(seen.pk)
    if row.status != DisputeStatus.NEED_INFO or row.remind_on is None:
        return
    with correlated(row.correlation_id):
        open_case(
            kind="dispute.unanswered", code=UNANSWERED, subject_type=CASE, subject_id=str(row.pk),
            sentence=f"{row}: {row.account.name} was asked and had until {row.remind_on.isoformat()} to answer",
            **about_dispute(row, row.amount_claimed),
        )  # fmt: skip
