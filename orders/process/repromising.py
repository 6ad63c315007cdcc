"""Promise the lines of orders anew whose receipt the ERP moved, and tell everybody whom it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.promises import ERP
from inventory.process.repromising import repromise
from orders.choices import OrderStatus
from orders.models import Order, OrderLine
from orders.process.case_facts import about
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_orders
from orders.process.shipping import keep_together
from orders.queries.promises import LinePromise, promises_of

LATE = "promise_late"
_OVER = (OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.SHIPPED)


@transaction.atomic
def repromise_orders(*, item_id: int, demand_refs: Collection[str]) -> int:
    """How many lines have another promise now. Each order is told once (`order.repromised`); one that comes later than
    it is wanted has a case, which closes when a later receipt is in time again.
    """
    ids = {UUID(ref.split(":")[1]) for ref in demand_refs if ref.startswith("order:")}
    orders = [order for order in locked_orders(ids).values() if order.status not in _OVER]
    lines = {line.demand_ref: line for order in orders for line in order.lines.select_related("item")}
    wanted = {ref: line.requested_on or line.order.requested_on for ref, line in lines.items() if ref in demand_refs}
    moved = set(repromise(item_id=item_id, wanted_on=wanted))
    for order in orders:
        mine = [line for ref, line in lines.items() if line.order_id == order.pk and ref in moved]
        if mine:
            known = {line.pk for line in mine}
            others = keep_together(order, by=ERP, reason=gettext_noop("another line of the order moved"))
            mine += [line for line in others if line.pk not in known]
            with correlated(order.correlation_id):
                _tell(order, mine)
    return len(moved)


def _tell(order: Order, lines: Sequence[OrderLine]) -> None:
    told = promises_of(lines)
    for promise in told:
        now = promise.log.now
        line = promise.line
        line.promised_on, line.promise_reason = now.promised_on, now.reason
        line.save(update_fields=["promised_on", "promise_reason"])
    publish_order_fact(order, "order.repromised", lines=[_fact(promise) for promise in told])
    late = _late_lines(order)
    if not late:
        settle_late_promises(order)
        return
    more = f" (and {len(late) - 1} more)" if len(late) > 1 else ""
    open_case(
        kind="order.promise_late", code=LATE, subject_type="order", subject_id=str(order.pk), **about(order),
        sentence=f"{order}, PO {order.po_number}: {late[0]}{more}",
        data={"lines": late},
    )  # fmt: skip


def settle_late_promises(order: Order) -> None:
    """The case of late promises is closed where none is late any more; the caller holds the order's lock."""
    if not _late_lines(order):
        resolve_cases(
            subject_type="order",
            subject_id=str(order.pk),
            resolution=Resolution.BY_EVENT,
            reason="nothing of it is promised too late any more",
            code=LATE,
        )


def _fact(promise: LinePromise) -> dict[str, str | None]:
    before, now = promise.log.entries[-2].promised_on, promise.log.now
    return {
        "line": promise.line.line_no,
        "was": before.isoformat() if before else None,
        "now": now.promised_on.isoformat() if now.promised_on else None,
        "reason": now.reason,
    }


def _late_lines(order: Order) -> list[str]:
    """All open lines count, not only those that moved now: one case tells of the order as a whole."""
    late = []
    for promise in promises_of([line for line in order.lines.select_related("item") if line.open_quantity]):
        limit, on = _limit(order, promise.line), promise.log.now.promised_on
        if limit is not None and promise.log.now.parts and (on is None or on > limit):
            when = f"{on:%d %b %Y}" if on else "no day"
            late.append(f"line {promise.line.line_no} is promised for {when}, wanted by {limit:%d %b %Y}")
    return late


def _limit(order: Order, line: OrderLine) -> dt.date | None:
    """The last day on which the line is of use to its buyer."""
    days = (line.requested_on or order.requested_on, order.cancel_after)
    return min((day for day in days if day), default=None)
