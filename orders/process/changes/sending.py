"""Bring one change or cancellation to the ERP: done once, whatever gets lost on the way.

The ERP holds the content hash of what it was given last, so a change that is sent twice is done once; what was lost is
looked up first all the same, because goods may leave in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings

from distportal.canonical.base import from_json
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import ErpPort, OrderDraft, OrderState
from distportal.systems.errors import AuthFailed, Conflict, Misconfigured, Rejected, Transient, UnknownOutcome, Unmapped
from distportal.systems.in_time import writes_leave_within
from orders.choices import CommandKind, CommandState
from orders.models import ErpCommand
from orders.process.changes.granting import (
    record_change_doubt,
    record_change_granted,
    record_change_refused,
)
from orders.process.command_claims import begin_sending, mark_command, note_empty_lookup, pause
from orders.process.confirmation import record_refusal
from orders.process.duplicates import DUPLICATE, alarm_duplicates

_CHANGED_ELSEWHERE = "erp.content_differs"


def send_change(command: ErpCommand, port: ErpPort) -> None:
    """The command is settled, or RetryLater says when to look again."""
    if command.state in CommandState.UNCERTAIN:
        # A row found in `sending` belongs to a worker that died during the call: its outcome is unknown.
        _look_up(command, port)
        return
    _send(command, port)


def _look_up(command: ErpCommand, port: ErpPort) -> None:
    mark_command(command.pk, CommandState.UNKNOWN, attempt=command.attempts)
    looked_at = database_now()
    found = _found(command, port)
    granted = next((state for state in found if _is_granted(command, state)), None)
    if granted is not None:
        record_change_granted(command_id=command.pk, state=granted)
        return
    note_empty_lookup(command.pk, looked_at=looked_at, settle=port.capabilities().settle)
    command.refresh_from_db()
    if command.state != CommandState.PENDING:
        raise RetryLater("the ERP does not show the change yet", after=pause(port), counts=False)
    _send(command, port)


def _found(command: ErpCommand, port: ErpPort) -> Sequence[OrderState]:
    try:
        return port.find_order(_key_of(command))
    except Transient as error:
        raise RetryLater(error.message, after=error.retry_after or 2.0, counts=False) from error


def _send(command: ErpCommand, port: ErpPort) -> None:
    begin_sending(command, wait=pause(port))
    try:
        with writes_leave_within(settings.SEND_WITHIN_SECONDS):
            state = _CALLS[command.kind](command, port)
    except Transient as error:
        mark_command(command.pk, CommandState.PENDING, attempt=command.attempts)
        raise RetryLater(error.message, after=error.retry_after, counts=False) from error
    except UnknownOutcome as error:
        mark_command(command.pk, CommandState.UNKNOWN, attempt=command.attempts)
        raise RetryLater(error.message, after=pause(port), counts=False) from error
    except (AuthFailed, Misconfigured) as error:
        missing = error if isinstance(error, Unmapped) else None
        record_refusal(command_id=command.pk, code=error.code, text=error.message, missing=missing)
        return
    except Conflict as error:
        if error.code == DUPLICATE:
            alarm_duplicates(command, _found(command, port))
        if error.code == _CHANGED_ELSEWHERE:
            record_change_doubt(command_id=command.pk, code=error.code, text=error.message)
            return
        record_change_refused(command_id=command.pk, code=error.code, text=error.message)
        return
    except Rejected as error:
        record_change_refused(command_id=command.pk, code=error.code, text=error.message)
        return
    if _is_granted(command, state):
        record_change_granted(command_id=command.pk, state=state)
    else:
        code, verb = _NOT_DONE[command.kind]
        text = f"the ERP did not {verb} order {state.number}: it is {state.raw_state.lower().replace('_', ' ')}"
        record_change_refused(command_id=command.pk, code=code, text=text)


def _change(command: ErpCommand, port: ErpPort) -> OrderState:
    return port.request_change(from_json(OrderDraft, command.draft["draft"]), command.draft["replaces"])


def _cancel(command: ErpCommand, port: ErpPort) -> OrderState:
    return port.request_cancel(command.draft["order_key"], command.draft["reason"])


_CALLS: dict[str, Callable[[ErpCommand, ErpPort], OrderState]] = {
    CommandKind.CHANGE: _change,
    CommandKind.CANCEL: _cancel,
}


_NOT_DONE: dict[str, tuple[str, str]] = {
    CommandKind.CHANGE: ("erp.not_changed", "change"),
    CommandKind.CANCEL: ("erp.not_cancelled", "cancel"),
}


def _key_of(command: ErpCommand) -> str:
    return str(
        command.draft["draft"]["order_key"] if command.kind == CommandKind.CHANGE else command.draft["order_key"]
    )


def _is_granted(command: ErpCommand, state: OrderState) -> bool:
    if command.kind == CommandKind.CANCEL:
        return state.stage == "cancelled"
    return state.stage != "cancelled" and state.content_hash == command.content_hash
