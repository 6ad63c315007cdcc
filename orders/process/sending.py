"""Bring one command to the ERP: exactly one order per key, whatever gets lost on the way.

`sending` is committed before the call. A lost answer makes the command `unknown`; from there only look-ups are made
until the ERP's settle time is over, and only two empty look-ups permit sending the same key again.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.conf import settings

from distportal.canonical.base import from_json
from distportal.common.remembering import remembered, remembering
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.call_log import calls_noted_together
from distportal.systems.erp.port import SETTLED_STAGES, ErpPort, OrderDraft, OrderState, Stage
from distportal.systems.errors import (
    AuthFailed,
    Conflict,
    Misconfigured,
    Rejected,
    Transient,
    UnknownOutcome,
    Unmapped,
)
from distportal.systems.identity import is_another_erp
from distportal.systems.in_time import writes_leave_within
from distportal.systems.registry import erp
from orders.choices import CommandKind, CommandState
from orders.models import ErpCommand
from orders.process.changes.sending import send_change
from orders.process.command_claims import begin_sending, mark_command, note_empty_lookup, pause, the_command
from orders.process.confirmation import record_confirmation, record_refusal
from orders.process.duplicates import DUPLICATE, alarm_duplicates
from orders.process.unanswered import await_answer, settle_answer

MAX_STEPS = 5
STAGES: tuple[Stage, ...] = ("received", "draft", "rejected", "accepted", "in_fulfilment", "closed")


def send_command(*, command_id: UUID) -> None:
    """The command is settled, or RetryLater says when to look again. Safe to run any number of times."""
    with calls_noted_together():
        state = bring_command(the_command(command_id))
    if state is not None:
        record_confirmation(command_id=command_id, state=state)


def bring_command(command: ErpCommand) -> OrderState | None:
    """What the ERP has of the command and what is still to be recorded; None where it is settled. Raises as
    `send_command`, also where the row is another one by now than the one that was read.
    """
    if command.state in (CommandState.CONFIRMED, CommandState.REJECTED):
        return None
    port = remembered(("orders.port", command.erp), partial(_port, command))
    if command.kind in (CommandKind.CHANGE, CommandKind.CANCEL):
        send_change(command, port)
        return None
    if command.state in CommandState.UNCERTAIN:
        # A row found in `sending` belongs to a worker that died during the call: its outcome is unknown.
        state = _look_up(command, port)
    else:
        state = _advance(command, port, known=None)
    if port.capabilities().order_key != "ack_only":
        return state
    record_confirmation(command_id=command.pk, state=state)
    settle_answer(command)
    return None


def _port(command: ErpCommand) -> ErpPort:
    """The ERP that the command was written for, whatever has moved since. A connection that is switched off, wrongly
    set up or leads to another ERP keeps its commands: they wait, no try is burnt.
    """
    try:
        if another := is_another_erp(command.erp):
            raise RetryLater(f"ERP connection {command.erp} rests: {another}", after=30.0, counts=False)
        return erp(command.erp)
    except Misconfigured as error:
        raise RetryLater(error.message, after=30.0, counts=False) from error


def _look_up(command: ErpCommand, port: ErpPort) -> OrderState:
    mark_command(command.pk, CommandState.UNKNOWN, attempt=command.attempts)
    command.state, looked_at = CommandState.UNKNOWN, database_now()
    try:
        matches = [s for s in port.find_order(command.order_key) if s.stage != "cancelled"]
    except Transient as error:
        raise RetryLater(error.message, after=error.retry_after or 2.0, counts=False) from error
    if len(matches) > 1:
        alarm_duplicates(command, matches)
    if matches:
        # Of several, one goes on: the one that the ERP brought furthest. The others are a person's business.
        return _advance(command, port, known=max(matches, key=lambda state: STAGES.index(state.stage)))
    note_empty_lookup(command.pk, looked_at=looked_at, settle=port.capabilities().settle)
    command.refresh_from_db()
    if command.state != CommandState.PENDING:
        raise RetryLater("the ERP does not show the order yet", after=pause(port), counts=False)
    return _advance(command, port, known=None)


def _advance(command: ErpCommand, port: ErpPort, *, known: OrderState | None) -> OrderState:
    draft, state = from_json(OrderDraft, command.draft), known
    if state is None or state.stage not in SETTLED_STAGES:
        begin_sending(command, wait=pause(port))
    with writes_leave_within(settings.SEND_WITHIN_SECONDS), remembering():  # one set of code tables for all steps
        return _go_on(command, port, draft, state)


def _go_on(command: ErpCommand, port: ErpPort, draft: OrderDraft, state: OrderState | None) -> OrderState:
    for _ in range(MAX_STEPS):
        if state is not None and state.stage in SETTLED_STAGES:
            return state
        state = _step(command, port, draft, state)
        if state.stage == "received" and port.capabilities().order_key == "ack_only":
            await_answer(command=command, port=port, state=state)
    raise RetryLater(f"the ERP order is still {state.stage if state else 'unknown'}", after=2.0, counts=False)


def _step(command: ErpCommand, port: ErpPort, draft: OrderDraft, state: OrderState | None) -> OrderState:
    try:
        return port.advance_order(draft, state)
    except Transient as error:
        # Nothing was written by this call; an earlier step may have been, so a known order is looked up again.
        after = CommandState.PENDING if state is None else CommandState.UNKNOWN
        mark_command(command.pk, after, attempt=command.attempts)
        raise RetryLater(error.message, after=error.retry_after, counts=False) from error
    except UnknownOutcome as error:
        mark_command(command.pk, CommandState.UNKNOWN, attempt=command.attempts)
        raise RetryLater(error.message, after=pause(port), counts=False) from error
    except Conflict as error:
        if error.code != DUPLICATE:
            record_refusal(command_id=command.pk, code=error.code, text=error.message)
            raise CommandRefused(error.code) from error
        # Nothing was written. The next look-up raises the alarm and takes up one of them.
        mark_command(command.pk, CommandState.UNKNOWN, attempt=command.attempts)
        raise RetryLater(error.message, after=pause(port), counts=False) from error
    except (AuthFailed, Misconfigured, Rejected) as error:
        missing = error if isinstance(error, Unmapped) else None
        record_refusal(command_id=command.pk, code=error.code, text=error.message, missing=missing)
        raise CommandRefused(error.code) from error


class CommandRefused(Exception):
    """The command is settled as refused and its case is open; the caller has nothing left to do."""
