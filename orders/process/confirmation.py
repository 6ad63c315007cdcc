"""Write down what the ERP said to a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.utils.translation import gettext_noop

from distportal.canonical.base import from_json, to_json
from distportal.common.among import Among
from distportal.common.changed_rows import update_rows
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedRows
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.outbox import publish_all
from distportal.observability.correlation import correlated, correlation_id
from distportal.systems.erp.port import ConfirmedLine, OrderDraft, OrderState
from distportal.systems.errors import Unmapped
from distportal.systems.mapping.missing import wait_no_more
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from exceptions.queries.cases import open_subjects
from inventory.process.promises import Promised
from inventory.process.reservations import note_erp_allocation
from orders.choices import TO_SENDING, CommandKind, CommandState, OrderStatus
from orders.models import ErpCommand, Order, OrderLine
from orders.process.case_facts import about, about_dispute
from orders.process.erp_comparison import content_difference
from orders.process.erp_told import confirmed_lines, keep_confirmed_parts
from orders.process.facts import order_fact
from orders.process.locks import locked_command, locked_commands, locked_orders
from orders.process.missing_codes import COMMAND, await_codes_of_command
from orders.process.promising import confirmed_promises, log_confirmed
from orders.process.states import move_orders

_LINES = PreparedRows(
    lambda ids: OrderLine.objects.filter(Among("order_id", ids, of=UUIDField())).order_by("order_id", "position"),
    SOME_KEYS,
)


class Said(NamedTuple):
    """What the ERP has of a command, and the story in which it said so."""

    state: OrderState
    story: UUID


def record_confirmation(*, command_id: UUID, state: OrderState) -> None:
    """The command is confirmed and so is its order, with quantities and dates by line; again, it changes nothing."""
    record_confirmations(told={command_id: Said(state, correlation_id())})


@transaction.atomic
def record_confirmations(*, told: Mapping[UUID, Said]) -> None:
    """As `record_confirmation`, for what the ERP said to many commands: all or none."""
    fresh = [command for command in locked_commands(told) if command.state != CommandState.CONFIRMED]
    now = database_now()
    _confirm(fresh, told, now)
    wait_no_more(subject_type=COMMAND, subject_ids=[str(command.pk) for command in fresh])
    # That the ERP holds one twice is not settled by that.
    refused = open_subjects(subject_type="command", subject_ids=[str(one.pk) for one in fresh], code="erp_refused")
    for command in fresh:
        if str(command.pk) in refused:
            with correlated(told[command.pk].story):
                _settle_refusal(command)
    _confirm_orders([one for one in fresh if one.kind == CommandKind.ORDER and one.order_id], told, now)


def _confirm(commands: Sequence[ErpCommand], told: Mapping[UUID, Said], now: dt.datetime) -> None:
    for command in commands:
        state = told[command.pk].state
        # What the ERP holds is confirmed, also where another worker was refused or gave it free meanwhile.
        command.error_code = command.error_text = ""
        for step in TO_SENDING.get(command.state, ()):
            command.state = step
            command.save(update_fields=["state", "error_code", "error_text"])
        command.state, command.settled_at = CommandState.CONFIRMED, now
        command.erp_number, command.erp_state = state.number, to_json(state)
    update_rows(commands, ["state", "settled_at", "erp_number", "erp_state"])


def _settle_refusal(command: ErpCommand) -> None:
    resolve_cases(
        subject_type="command",
        subject_id=str(command.pk),
        resolution=Resolution.BY_EVENT,
        reason=f"ERP order {command.erp_number}",
        code="erp_refused",
    )


def _confirm_orders(commands: Sequence[ErpCommand], told: Mapping[UUID, Said], now: dt.datetime) -> None:
    if not commands:
        return
    orders = locked_orders([one.order_id for one in commands if one.order_id])
    lines: dict[UUID, list[OrderLine]] = {pk: [] for pk in orders}
    for line in _LINES(list(orders)):
        line.order = orders[line.order_id]
        lines[line.order_id].append(line)
    by_order = {orders[one.order_id]: one for one in commands if one.order_id}
    promises: list[tuple[str, Promised]] = []
    confirmed: list[OrderLine] = []
    for order, command in by_order.items():
        state = told[command.pk].state
        order.erp_number, order.confirmed_at = state.number, now
        said = confirmed_lines(lines[order.pk], state.lines)
        promises += [(state.number, one) for one in confirmed_promises(order, lines[order.pk], said, state)]
        confirmed += _confirm_lines(lines[order.pk], said)
    update_rows(confirmed, ["confirmed_quantity", "promised_on", "promise_reason", "parts"])
    log_confirmed(promises)
    _note_taken(by_order, lines, told)
    move_orders(list(by_order), OrderStatus.CONFIRMED, also=["erp_number", "confirmed_at"])
    for order, command in by_order.items():
        with correlated(told[command.pk].story):
            compare_content(order, from_json(OrderDraft, command.draft), told[command.pk].state)
    publish_all([replace(_fact(order), correlation_id=told[command.pk].story) for order, command in by_order.items()])


def _fact(order: Order) -> Event:
    return order_fact(order, "order.confirmed", erp_number=order.erp_number)


def _confirm_lines(
    lines: Sequence[OrderLine], said: Mapping[str, tuple[ConfirmedLine, list[ConfirmedLine]]]
) -> list[OrderLine]:
    """The lines that the ERP spoke of, with what it said; not saved."""
    told = [line for line in lines if line.line_no in said]
    for line in told:
        whole, parts = said[line.line_no]
        line.confirmed_quantity = whole.quantity
        line.promise_reason = promise_text(whole, line.quantity)
        keep_confirmed_parts(line, parts)
    return told


def _note_taken(
    by_order: Mapping[Order, ErpCommand], lines: Mapping[UUID, Sequence[OrderLine]], told: Mapping[UUID, Said]
) -> None:
    for erp in sorted({command.erp for command in by_order.values()}):
        states = {order.pk: told[command.pk].state for order, command in by_order.items() if command.erp == erp}
        taken = {
            line.demand_ref: state.allocated_at or state.as_of for pk, state in states.items() for line in lines[pk]
        }
        note_erp_allocation(taken_at=taken, erp=erp)


def promise_text(told: ConfirmedLine, wanted: Decimal) -> str:
    """What the ERP promises of a line, in words."""
    if told.quantity >= wanted:
        return gettext_noop("confirmed in full")
    rest = f"{(wanted - told.quantity).normalize():f}"
    if told.quantity == 0 and told.confirmed_on:
        return gettext_noop("%(rest)s backordered, expected %(day)s") % {"rest": rest, "day": told.confirmed_on}
    return gettext_noop("%(rest)s backordered") % {"rest": rest}


def compare_content(order: Order, draft: OrderDraft, state: OrderState) -> None:
    """The ERP must hold what was agreed; a difference is a case, never a silent re-price."""
    difference = content_difference(draft, state)
    if difference:
        open_case(
            kind="erp.differs",
            code="erp_price_differs",
            subject_type="order",
            subject_id=str(order.pk),
            sentence=f"{order}: {difference}",
            severity=3,
            queue="operations",
            **about(order),
            data={"lines": [to_json(line) for line in state.lines]},
        )


@transaction.atomic
def record_refusal(*, command_id: UUID, code: str, text: str, missing: Unmapped | None = None) -> None:
    """The command is refused and one case tells a person; the order waits, its reservation stays. `missing` are the
    codes that had to be mapped first: mapped, the command goes on.
    """
    command = locked_command(command_id)
    if command.state in (CommandState.CONFIRMED, CommandState.REJECTED):
        return
    command.state, command.error_code, command.error_text = CommandState.REJECTED, code, text[:500]
    command.settled_at = database_now()
    command.save()
    order, dispute = command.order, command.dispute
    if missing is not None:
        await_codes_of_command(command, missing)
    open_case(
        kind="erp.refused",
        code="erp_refused",
        subject_type="command",
        subject_id=str(command.pk),
        sentence=f"The ERP refused {command.about}: {text or code}",
        severity=3,
        queue="orders" if order else "finance",
        **(about_dispute(dispute, dispute.amount_approved) if dispute else about(order)),
        data={"code": code, "order": str(order.pk) if order else "", "key": command.order_key},
    )


@transaction.atomic
def retry_command(*, command_id: UUID) -> ErpCommand:
    """The refused command, waiting to be sent again under the same key."""
    command = locked_command(command_id)
    if command.state == CommandState.REJECTED:
        command.state, command.error_code, command.error_text, command.settled_at = CommandState.PENDING, "", "", None
        command.save()
    return command
