"""Evaluate orders, write what came of them, and start what follows: the same steps for one and for many, at first and
after a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.bulk import insert_rows
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.outbox import publish_all
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from inventory.process.reservations import locked_stock, release, write_holdings
from orders.choices import FindingAction, OrderStatus
from orders.models import Order, OrderFinding
from orders.process.commands import request_erp_orders
from orders.process.deciding import Decision, decide, refusals_of
from orders.process.evaluation import Evaluation, exposure_of, prepare_order
from orders.process.facts import order_fact, publish_order_fact
from orders.process.holding import HELD, open_held_case
from orders.process.locks import lock_credit, locked_order
from orders.process.missing_codes import await_codes, await_no_codes
from orders.process.promising import log_promises, promise_lines

SPLIT_JOB = "orders.split_order"
"""Makes an order for each ERP of one whose policy says so."""


@transaction.atomic
def decide_order(*, order_id: UUID) -> Evaluation:
    """The evaluation in force; the order is accepted, held with one case, or rejected, and its lines say why."""
    order = locked_order(order_id)
    asked = from_json(AskedOrder, order.canonical)
    prepared = prepare_order(order=asked, account=order.account, now=database_now(), known=order, items=None)
    lock_credit([order.account])
    stock = locked_stock(item_ids=list(prepared.wanted))
    OrderFinding.objects.filter(order=order, line__isnull=False).update(line=None)
    order.lines.all().delete()
    decision = decide(order, prepared, stock=stock, exposure=exposure_of(order.account, exclude=order))
    write_decisions([decision], first=False)
    if order.status != OrderStatus.HELD:
        await_no_codes(order)
        resolve_cases(
            subject_type="order",
            subject_id=str(order.pk),
            resolution=Resolution.CORRECTED,
            reason=f"the order was {order.status}",
            code=HELD,
        )
    return decision.evaluation


@transaction.atomic(savepoint=False)
def write_decisions(decisions: Sequence[Decision], *, first: bool) -> None:
    """What was decided is written and what follows from it is on its way, in one statement a table; what a person has
    to look at is written order by order. `first`: the orders are new, and their rows are written, too.
    """
    if first:
        insert_rows([decision.order for decision in decisions])
    write_holdings(
        demands=[demand for decision in decisions for demand in decision.demands],
        holdings=[holding for decision in decisions for holding in decision.holdings],
    )
    accepted = [decision for decision in decisions if decision.order.status == OrderStatus.ACCEPTED]
    promises = promise_lines(list(zip(one.served, one.holdings, strict=True)) for one in accepted)
    insert_rows([line for decision in decisions for line in decision.lines])
    insert_rows([finding for decision in decisions for finding in findings_of(decision)])
    for decision in decisions:
        if decision.order.status != OrderStatus.ACCEPTED:
            _tell(decision, first=first)
    request_erp_orders(decisions=accepted, first=first)
    log_promises(promises, first=first)
    publish_all([_accepted(decision.order, first=first) for decision in accepted])


def findings_of(decision: Decision) -> Iterator[OrderFinding]:
    """What the rules found, as rows of the version that was decided."""
    by_no = {line.line_no: line for line in decision.lines}
    for verdict in decision.evaluation.verdicts:
        finding = verdict.finding
        yield OrderFinding(
            order=decision.order,
            line=by_no.get(finding.line_no),
            order_version=decision.order.version,
            code=finding.code,
            severity=finding.severity,
            action=verdict.action,
            message=finding.message[:400],
            remedy=finding.remedy[:300],
            data=dict(finding.data),
        )


def _accepted(order: Order, *, first: bool) -> Event:
    event = order_fact(order, "order.accepted")
    return replace(event, correlation_id=order.correlation_id) if first else event


def _tell(decision: Decision, *, first: bool) -> None:
    """A held order has its case and waits for what it lacks; a rejected one is told of; one that its policy splits is
    split in a moment, and nobody has to do anything.
    """
    order = decision.order
    with correlated(order.correlation_id) if first else nullcontext():
        if decision.evaluation.status == OrderStatus.RECEIVED:
            enqueue_job(SPLIT_JOB, key=str(order.pk), payload={"order": str(order.pk)}, share=order.account.code)
        elif order.status == OrderStatus.HELD:
            _hold(decision)
            await_codes(order, decision.evaluation)
        else:
            publish_order_fact(order, "order.rejected", reasons=refusals_of(decision.evaluation))


def _hold(decision: Decision) -> None:
    order, evaluation = decision.order, decision.evaluation
    blocking = [v.finding for v in evaluation.verdicts if v.action == FindingAction.HOLD]
    open_held_case(order, blocking)
    if decision.moved:
        publish_order_fact(order, "order.held", codes=sorted({f.code for f in blocking}))


def release_order(order: Order) -> None:
    """Nothing is reserved for the order any more."""
    release(demand_refs=[line.demand_ref for line in order.lines.all()])
