"""Write down what the ERP said to a command."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from distportal.canonical.base import from_json, to_json
from distportal.events.clock import database_now
from distportal.systems.erp.port import ConfirmedLine, OrderDraft, OrderState
from distportal.systems.errors import Unmapped
from distportal.systems.mapping.missing import wait_no_more
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.reservations import note_erp_allocation
from orders.choices import CommandKind, CommandState, OrderStatus
from orders.models import ErpCommand, Order
from orders.process.case_facts import about, about_dispute
from orders.process.erp_comparison import content_difference
from orders.process.erp_told import confirmed_lines, keep_confirmed_parts
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_command, locked_order
from orders.process.missing_codes import COMMAND, await_codes_of_command
from orders.process.promising import promise_as_confirmed
from orders.process.states import move_order


@transaction.atomic
def record_confirmation(*, command_id: UUID, state: OrderState) -> None:
    """The command is confirmed and so is its order, with quantities and dates by line; again, it changes nothing."""
    command = locked_command(command_id)
    if command.state == CommandState.CONFIRMED:
        return
    if command.state != CommandState.SENDING:
        command.state = CommandState.SENDING
        command.save(update_fields=["state"])
    command.state, command.settled_at = CommandState.CONFIRMED, database_now()
    command.erp_number, command.erp_state = state.number, to_json(state)
    command.save()
    wait_no_more(subject_type=COMMAND, subject_ids=[str(command.pk)])
    resolve_cases(
        subject_type="command",
        subject_id=str(command.pk),
        resolution=Resolution.BY_EVENT,
        reason=f"ERP order {state.number}",
        code="erp_refused",  # that the ERP holds it twice is not settled by that
    )
    if command.kind == CommandKind.ORDER and command.order_id:
        _confirm_order(command, command.order_id, state)


def _confirm_order(command: ErpCommand, order_id: UUID, state: OrderState) -> None:
    order = locked_order(order_id)
    order.erp_number, order.confirmed_at = state.number, database_now()
    lines = list(order.lines.all())
    told = confirmed_lines(lines, state.lines)
    promise_as_confirmed(order, lines, told, state)
    for line in lines:
        if line.line_no in told:
            whole, parts = told[line.line_no]
            line.confirmed_quantity = whole.quantity
            line.promise_reason = promise_text(whole, line.quantity)
            keep_confirmed_parts(line, parts)
            line.save(update_fields=["confirmed_quantity", "promised_on", "promise_reason", "parts"])
    note_erp_allocation(
        demand_refs=[line.demand_ref for line in lines],
        at=state.allocated_at or state.as_of,
        erp=command.erp,
    )
    move_order(order, OrderStatus.CONFIRMED, also=["erp_number", "confirmed_at"])
    compare_content(order, from_json(OrderDraft, command.draft), state)
    publish_order_fact(order, "order.confirmed", erp_number=state.number)


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
