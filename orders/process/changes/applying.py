"""Apply a change to an order that the ERP does not have yet: a new version, decided again by the same rules."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from distportal.events.clock import database_now
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from inventory.process.promises import PORTAL, withdraw_promises
from orders.choices import CommandState, LineStatus, OrderStatus
from orders.models import ChangeRequest, ErpCommand, Order
from orders.process.changes.outcomes import finish_change
from orders.process.changes.planning import Plan
from orders.process.changes.versions import write_version
from orders.process.facts import publish_order_fact
from orders.process.missing_codes import await_no_codes
from orders.process.orchestration import decide_order, release_order
from orders.process.repromising import settle_late_promises
from orders.process.states import move_order


def apply_now(change: ChangeRequest, order: Order, main: ErpCommand | None, plan: Plan) -> None:
    """The order as the change wants it, before the ERP hears of it; what was to be sent is taken back first."""
    release_order(order)
    if main is not None:
        withdraw_command(main)
    if plan.cancels:
        cancel_order(order, reason=cancelled_by(change))
        finish_change(change, version=order.version)
        return
    version = write_version(order, change, dict(change.target or {}))
    decide_order(order_id=order.pk)
    order.refresh_from_db()
    finish_change(change, version=version)


def cancelled_by(change: ChangeRequest) -> str:
    """`cancelled by Bea Harbor`, as it is stored with the order."""
    return gettext_noop("cancelled by %(who)s") % {"who": change.asked_name or change.channel}


def withdraw_command(command: ErpCommand) -> None:
    """The command will not be sent, unless the order is accepted again. The caller holds the row lock."""
    if command.state != CommandState.PENDING:
        return
    command.state, command.settled_at = CommandState.REJECTED, database_now()
    command.error_code, command.error_text = "withdrawn", "the order was changed before this was sent"
    command.save(update_fields=["state", "settled_at", "error_code", "error_text"])


def cancel_order(order: Order, *, reason: str) -> None:
    """The order and all of its lines are cancelled, its case is closed. The caller holds the row lock."""
    order.lines.exclude(status=LineStatus.REJECTED).update(status=LineStatus.CANCELLED, status_reason="cancelled")
    withdraw_promises(refs=[line.demand_ref for line in order.lines.all()], by=PORTAL, reason=reason)
    settle_late_promises(order)
    move_order(order, OrderStatus.CANCELLED, reason=reason)
    await_no_codes(order)
    resolve_cases(
        subject_type="order",
        subject_id=str(order.pk),
        resolution=Resolution.BY_EVENT,
        reason=reason,
        code="held",
    )
    publish_order_fact(order, "order.cancelled", reason=reason)
