"""Decide what happens to a change now: apply it, ask the ERP, wait, hold it for a person, or refuse it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from orders.choices import ChangeStatus, CommandKind, CommandState, LineStatus, OrderStatus
from orders.errors import NothingToDecide
from orders.models import ChangeRequest, ErpCommand, Order
from orders.process.changes.applying import apply_now
from orders.process.changes.erp_commands import ask_erp
from orders.process.changes.judging import judged_plan
from orders.process.changes.lines import Standing
from orders.process.changes.outcomes import DECIDE_JOB, hold_change, move_change, refuse_change
from orders.process.changes.planning import Plan
from orders.process.locks import locked_change, locked_commands_of, locked_order

_CLOSED = {
    OrderStatus.SHIPPED: gettext_noop("everything has left already"),
    OrderStatus.REJECTED: gettext_noop("the order was rejected"),
    OrderStatus.CANCELLED: gettext_noop("the order was cancelled"),
}


@transaction.atomic
def decide_change(*, change_id: UUID, insist: bool = False) -> ChangeRequest:
    """The change, moved as far as it goes now; one that is settled or with the ERP is left as it is.

    `insist`: a person says that what the policy would hold is done. Locks the order's commands, the order, the change.
    """
    change = ChangeRequest.objects.select_related("order").get(pk=change_id)
    commands = locked_commands_of(change.order_id)
    order = locked_order(change.order_id)
    change = locked_change(change_id)
    change.order = order
    ready = (ChangeStatus.RECEIVED, ChangeStatus.WAITING, *((ChangeStatus.HELD,) if insist else ()))
    if change.status not in ready:
        return change
    with correlated(order.correlation_id):
        _decide(change, order, commands, insist)
    return change


@transaction.atomic
def resume_change(*, change_id: UUID, insist: bool) -> ChangeRequest:
    """The held change, decided again: by the same rules as they are now, or done because a person says so.

    Raises NothingToDecide for one that is not held.
    """
    change = locked_change(change_id)
    if change.status != ChangeStatus.HELD:
        raise NothingToDecide(f"{change} is {change.get_status_display().lower()}; nothing was done")
    if not insist:
        move_change(change, ChangeStatus.WAITING)
    return decide_change(change_id=change_id, insist=insist)


@transaction.atomic
def refuse_held_change(*, change_id: UUID, reason: str) -> ChangeRequest:
    """The held change, refused with a reason that its sender is told. Raises NothingToDecide for one that is not held,
    or without a reason.
    """
    order = locked_order(ChangeRequest.objects.get(pk=change_id).order_id)
    change = locked_change(change_id)
    change.order = order
    if change.status != ChangeStatus.HELD or not reason.strip():
        raise NothingToDecide(f"{change} can be refused while it is held, with a reason; nothing was done")
    with correlated(order.correlation_id):
        refuse_change(change, reason=reason)
    return change


def _decide(change: ChangeRequest, order: Order, commands: list[ErpCommand], insist: bool) -> None:
    earlier = ChangeRequest.objects.filter(
        order=order, status__in=ChangeStatus.OPEN, requested_at__lt=change.requested_at
    )
    if earlier.exists():
        move_change(change, ChangeStatus.WAITING)  # the one before calls it when it is settled
        return
    if order.status in _CLOSED:
        refuse_change(change, reason=f"{order}: {_CLOSED[OrderStatus(order.status)]}")
        return
    main = next((c for c in commands if c.kind == CommandKind.ORDER), None)
    if (main is None and order.status == OrderStatus.ACCEPTED) or _may_be_there(main):
        move_change(change, ChangeStatus.WAITING)
        enqueue_job(
            DECIDE_JOB, key=str(change.pk), payload={"change": str(change.pk)}, delay=2.0, share=order.account.code
        )
        return
    plan = judged_plan(order, _asked(change, order), _standing(order), insist=insist)
    change.answers, change.target = [to_json(a) for a in plan.answers], to_json(plan.target)
    change.save(update_fields=["answers", "target"])
    if plan.refused:
        reasons = [a.reason for a in plan.answers if a.reason]
        refuse_change(change, reason=reasons[0] if reasons else gettext_noop("nothing of it is possible"))
    elif plan.holds:
        hold_change(change, plan.holds)
    elif main is not None and main.state == CommandState.REJECTED and main.attempts and not insist:
        told = gettext_noop("The ERP refused %(order)s before; settle that first, then decide again")
        hold_change(change, (told % {"order": order},))
    else:
        _carry_out(change, order, main, commands, plan)


def _carry_out(
    change: ChangeRequest, order: Order, main: ErpCommand | None, commands: list[ErpCommand], plan: Plan
) -> None:
    if main is not None and main.state == CommandState.CONFIRMED:
        ask_erp(change, order, commands, plan)
    else:
        apply_now(change, order, main, plan)


def _may_be_there(main: ErpCommand | None) -> bool:
    """Whether nobody knows yet if the ERP has the order."""
    if main is None:
        return False
    if main.state in CommandState.UNCERTAIN:
        return True
    return main.state == CommandState.PENDING and main.attempts > 0


def _asked(change: ChangeRequest, order: Order) -> OrderChange:
    """What is asked; the order's own ship-to under another of its codes is no wish for another one."""
    asked, place = from_json(OrderChange, change.canonical), order.ship_to
    same = asked.ship_to is not None and place is not None and asked.ship_to.code in (place.code, place.buyer_code)
    return replace(asked, ship_to=None) if same else asked


def _standing(order: Order) -> dict[str, Standing]:
    """The live lines. Before the ERP confirmed the order a rejected line can still be changed into a good one."""
    ended = [LineStatus.CANCELLED]
    if order.status in (OrderStatus.CONFIRMED, OrderStatus.PART_SHIPPED):
        ended.append(LineStatus.REJECTED)
    rows = order.lines.exclude(status__in=ended)
    found = {row.line_no: Standing(quantity=row.quantity, shipped=row.shipped_quantity) for row in rows}
    asked = from_json(AskedOrder, order.canonical)
    return {line.line_no: found[line.line_no] for line in asked.lines if line.line_no in found}
