"""Write down what the ERP said to a change."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from distportal.canonical.base import from_json, to_json
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from distportal.systems.erp.port import OrderDraft, OrderState
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from inventory.process.promises import withdraw_promises
from orders.choices import CommandKind, CommandState, LineStatus
from orders.models import ChangeRequest, ErpCommand, Order, OrderLine
from orders.process.changes.applying import cancel_order, cancelled_by
from orders.process.changes.order_lines import rewrite_lines
from orders.process.changes.outcomes import finish_change, hold_change, refuse_change
from orders.process.changes.versions import write_version
from orders.process.confirmation import compare_content
from orders.process.erp_told import confirmed_lines
from orders.process.locks import locked_change, locked_command, locked_order
from orders.process.orchestration import release_order
from orders.process.promising import promise_as_confirmed
from orders.process.repromising import settle_late_promises


@transaction.atomic
def record_change_granted(*, command_id: UUID, state: OrderState) -> None:
    """The ERP holds the change, so the order is what it asked for; told again, it changes nothing."""
    command, order, change = _locked(command_id)
    if command.state == CommandState.CONFIRMED:
        return
    if command.state == CommandState.PENDING:
        command.state = CommandState.SENDING
        command.save(update_fields=["state"])
    command.state, command.settled_at, command.erp_state = CommandState.CONFIRMED, database_now(), to_json(state)
    command.save()
    _end_command_case(command, f"ERP order {state.number}")
    with correlated(order.correlation_id):
        if command.kind == CommandKind.CANCEL:
            release_order(order)
            cancel_order(order, reason=cancelled_by(change))
            finish_change(change, version=order.version)
            return
        version = write_version(order, change, dict(change.target or {}))
        draft = from_json(OrderDraft, command.draft["draft"])
        rewrite_lines(order, draft, state)
        _promise(order, change, state)
        compare_content(order, draft, state)
        finish_change(change, version=version)


@transaction.atomic
def record_change_refused(*, command_id: UUID, code: str, text: str) -> None:
    """The ERP said no, so the change is refused with its reason; the order is as it was."""
    command, order, change = _locked(command_id)
    if command.state in (CommandState.CONFIRMED, CommandState.REJECTED):
        return
    _reject(command, code, text)
    with correlated(order.correlation_id):
        refuse_change(change, reason=text)


@transaction.atomic
def record_change_doubt(*, command_id: UUID, code: str, text: str) -> None:
    """The ERP holds another content than the change was made for: somebody was at it there. A person decides."""
    command, order, change = _locked(command_id)
    if command.state in (CommandState.CONFIRMED, CommandState.REJECTED):
        return
    _reject(command, code, text)
    with correlated(order.correlation_id):
        hold_change(change, (f"The ERP holds another content than we know: {text}",))


def _promise(order: Order, change: ChangeRequest, state: OrderState) -> None:
    """What the ERP granted is promised now, by the word of who asked for it; of what is gone nothing is."""
    lines, by = list(order.lines.all()), change.asked_name or change.channel
    gone = [line.demand_ref for line in lines if line.status == LineStatus.CANCELLED]
    withdraw_promises(refs=gone, by=by, reason=gettext_noop("%(change)s was granted") % {"change": change})
    kept = [line for line in lines if line.status not in (LineStatus.CANCELLED, LineStatus.REJECTED)]
    reason = gettext_noop("%(change)s was granted by the ERP") % {"change": change}
    promise_as_confirmed(order, kept, confirmed_lines(kept, state.lines), state, by=by, reason=reason)
    OrderLine.objects.bulk_update(kept, ["promised_on"])
    settle_late_promises(order)


def _locked(command_id: UUID) -> tuple[ErpCommand, Order, ChangeRequest]:
    command = locked_command(command_id)
    if command.order_id is None or command.change_id is None:
        raise ValueError(f"{command} changes no order")
    order, change = locked_order(command.order_id), locked_change(command.change_id)
    change.order = order
    return command, order, change


def _reject(command: ErpCommand, code: str, text: str) -> None:
    command.state, command.error_code, command.error_text = CommandState.REJECTED, code, text[:500]
    command.settled_at = database_now()
    command.save()
    _end_command_case(command, text)


def _end_command_case(command: ErpCommand, reason: str) -> None:
    resolve_cases(
        subject_type="command",
        subject_id=str(command.pk),
        resolution=Resolution.BY_EVENT,
        reason=reason[:300],
        code="erp_refused",  # that the ERP holds it twice is not settled by that
    )
