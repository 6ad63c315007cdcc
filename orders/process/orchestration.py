"""Evaluate an order, write what came of it, and start what follows: the same steps at first and after a correction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.units import MEASURED, SMALLEST, common_step
from distportal.systems.ownership import DEFAULT
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.reservations import Demand, Holding, hold_stock, locked_availability, release
from orders.choices import FindingAction, LineStatus, OrderStatus
from orders.models import Order, OrderFinding, OrderLine
from orders.process.commands import request_erp_order
from orders.process.erp_lines import set_erp_unit
from orders.process.evaluation import Evaluation, agreed_price, amount_of, evaluate_order
from orders.process.facts import publish_order_fact
from orders.process.fitting import ROUNDING
from orders.process.locks import locked_order
from orders.process.missing_codes import await_codes, await_no_codes
from orders.process.policy import Policies
from orders.process.promising import promise_lines
from orders.process.routing import Route
from orders.process.rules import Facts, LineFacts
from orders.process.split import least_part, limits_of, set_parts
from orders.process.states import move_order

if TYPE_CHECKING:
    from inventory.models import Item

_DECIDED = ("ship_to", "total", "price_as_of")
"""What a decision writes besides the status."""
_LINE_STATUS = {
    FindingAction.ACCEPT: LineStatus.ACCEPTED,
    **dict.fromkeys(ROUNDING, LineStatus.ACCEPTED),
    FindingAction.SUBSTITUTE: LineStatus.ACCEPTED,
    FindingAction.BACKORDER: LineStatus.BACKORDERED,
    FindingAction.REJECT: LineStatus.REJECTED,
    FindingAction.REJECT_ORDER: LineStatus.REJECTED,
    FindingAction.HOLD: LineStatus.HELD,
}


@transaction.atomic
def decide_order(*, order_id: UUID) -> Evaluation:
    """The evaluation in force; the order is accepted, held with one case, or rejected, and its lines say why."""
    order = locked_order(order_id)
    asked = from_json(AskedOrder, order.canonical)
    evaluation = evaluate_order(order=asked, account=order.account, exclude_order=order, stock_of=locked_availability)
    OrderFinding.objects.filter(order=order, line__isnull=False).update(line=None)
    order.lines.all().delete()
    _carry_out(order, evaluation, first=False)
    if evaluation.status != OrderStatus.HELD:
        await_no_codes(order)
        resolve_cases(
            subject_type="order",
            subject_id=str(order.pk),
            resolution=Resolution.CORRECTED,
            reason=f"the order was {order.status}",
            code="held",
        )
    return evaluation


def decide_new_order(*, order: Order, asked: AskedOrder, items: Sequence[Item | None]) -> Evaluation:
    """As `decide_order`, for an order that this transaction has just made of what is `asked`: it has no lines, findings
    or cases yet, and nobody else can see it. `items` are those its lines name, in order.
    """
    evaluation = evaluate_order(
        order=asked, account=order.account, exclude_order=order, items=items, stock_of=locked_availability
    )
    _carry_out(order, evaluation, first=True)
    return evaluation


def _carry_out(order: Order, evaluation: Evaluation, *, first: bool) -> None:
    facts, status = evaluation.facts, evaluation.status
    lines = [_line(order, evaluation, n, fact) for n, fact in enumerate(facts.lines, 1)]
    wanted = [f for f in facts.lines if evaluation.action_of_line(f.line.line_no) != FindingAction.REJECT]
    order.ship_to = facts.ship_to
    order.total = sum((amount_of(fact) for fact in wanted), Decimal(0))
    order.price_as_of = facts.read_at
    holdings: list[Holding] = []
    if status == OrderStatus.ACCEPTED:
        holdings = _hold_stock(lines, facts, evaluation.policies)
    elif status == OrderStatus.REJECTED:
        for line in lines:
            line.status = LineStatus.REJECTED
    OrderLine.objects.bulk_create(lines)
    _write_findings(order, evaluation, lines)
    if status == OrderStatus.HELD:
        _hold(order, evaluation)
        await_codes(order, evaluation)
    elif status == OrderStatus.REJECTED:
        _reject(order, evaluation)
    else:
        _accept(order, lines, holdings, facts.route, first=first)


def _line(order: Order, evaluation: Evaluation, position: int, fact: LineFacts) -> OrderLine:
    asked = fact.line
    line = OrderLine(
        order=order,
        position=position,
        line_no=asked.line_no,
        item=fact.item,
        original_item=fact.original,
        asked_items=[{"qualifier": i.qualifier, "value": i.value, "code": i.code} for i in asked.items],
        description=(asked.description or (fact.item.name if fact.item else ""))[:200],
        quantity=asked.quantity,
        unit=asked.unit,
        base_quantity=fact.base_quantity or Decimal(0),
        asked_price=asked.unit_price,
        unit_price=agreed_price(fact),
        price_reason=(fact.quote.reason if fact.quote else "")[:200],
        amount=amount_of(fact),
        status=_LINE_STATUS[evaluation.action_of_line(asked.line_no)],
        status_reason=evaluation.reason_of_line(asked.line_no),
        requested_on=asked.requested_on,
        shipping=asked.shipping,
    )
    set_erp_unit(line)
    return line


def _write_findings(order: Order, evaluation: Evaluation, lines: Sequence[OrderLine]) -> None:
    by_no = {line.line_no: line for line in lines}
    OrderFinding.objects.bulk_create(
        OrderFinding(
            order=order,
            line=by_no.get(v.finding.line_no),
            order_version=order.version,
            code=v.finding.code,
            severity=v.finding.severity,
            action=v.action,
            message=v.finding.message[:400],
            remedy=v.finding.remedy[:300],
            data=dict(v.finding.data),
        )
        for v in evaluation.verdicts
    )


def _hold(order: Order, evaluation: Evaluation) -> None:
    blocking = [v.finding for v in evaluation.verdicts if v.action == FindingAction.HOLD]
    more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
    first = move_order(order, OrderStatus.HELD, also=_DECIDED)
    open_case(
        kind="order.held",
        code="held",
        subject_type="order",
        subject_id=str(order.pk),
        sentence=f"{order}, PO {order.po_number}: {blocking[0].message}{more}",
        severity=3 if order.total >= 5000 else 2,
        queue="orders",
        account=order.account,
        amount=order.total,
        currency=order.currency,
        data={"codes": sorted({f.code for f in blocking}), "lines": sorted({f.line_no for f in blocking if f.line_no})},
    )
    if first:
        publish_order_fact(order, "order.held", codes=sorted({f.code for f in blocking}))


def _reject(order: Order, evaluation: Evaluation) -> None:
    reasons = [v.finding.message for v in evaluation.verdicts if v.action != FindingAction.ACCEPT]
    move_order(order, OrderStatus.REJECTED, reason=reasons[0] if reasons else "", also=_DECIDED)
    publish_order_fact(order, "order.rejected", reasons=reasons)


def _accept(
    order: Order, lines: Sequence[OrderLine], holdings: Sequence[Holding], route: Route | None, *, first: bool
) -> None:
    order.accepted_at = order.price_as_of
    order.erp = route.erp if route else DEFAULT
    move_order(order, OrderStatus.ACCEPTED, also=[*_DECIDED, "accepted_at", "erp"])
    codes = {h.warehouse_id: h.warehouse_code for h in holdings}
    request_erp_order(order=order, lines=lines, warehouses=codes, first=first)
    served = [line for line in lines if line.status in (LineStatus.ACCEPTED, LineStatus.BACKORDERED)]
    promise_lines(zip(served, holdings, strict=True), first=first)
    publish_order_fact(order, "order.accepted")


def _hold_stock(lines: Sequence[OrderLine], facts: Facts, policies: Policies) -> list[Holding]:
    """Hold what one warehouse (or as many as the policy lets) can send now of each accepted line, and the rest of what
    it will receive; the ERP backorders it.
    """
    wanted = [line for line in lines if line.status in (LineStatus.ACCEPTED, LineStatus.BACKORDERED)]
    demands = []
    for line in wanted:
        if line.item_id is None or line.base_quantity <= 0:
            raise ValueError(f"line {line.line_no} was accepted without an item or a unit of it")
        demands.append(
            Demand(
                ref=demand_ref(line),
                item_id=line.item_id,
                quantity=line.base_quantity,
                multiple=_multiple(line),
                wanted_on=line.requested_on,
                least=least_part(policies) * _base_per_unit(line),
            )
        )
    stock = {fact.item.pk: fact.availability for fact in facts.lines if fact.item and fact.availability}
    limits = limits_of(policies, of=facts.route.erp if facts.route else DEFAULT)
    holdings = hold_stock(demands=demands, stock=stock, limits=limits)
    set_parts(wanted, holdings, all_numbers=[line.line_no for line in lines])
    for line, holding in zip(wanted, holdings, strict=True):
        line.warehouse_id = holding.warehouse_id
        line.reserved_quantity = holding.quantity / _base_per_unit(line)
        line.status = LineStatus.ACCEPTED if holding.quantity >= line.base_quantity else LineStatus.BACKORDERED
    return holdings


def _base_per_unit(line: OrderLine) -> Decimal:
    return line.base_quantity / line.quantity


def _multiple(line: OrderLine) -> Decimal:
    """What a part has to be a multiple of: whole in the unit that was asked and in the one that the ERP has."""
    if line.unit in MEASURED:
        return SMALLEST
    sizes = [_base_per_unit(line)]
    if line.erp_quantity is not None:
        sizes.append(line.base_quantity / line.erp_quantity)
    return common_step(*sizes)


def demand_ref(line: OrderLine) -> str:
    """What a reservation knows the line by."""
    return line.demand_ref


def release_order(order: Order) -> None:
    """Nothing is reserved for the order any more."""
    release(demand_refs=[demand_ref(line) for line in order.lines.all()])
