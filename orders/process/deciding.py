"""What comes of an order, before it is written: reads nothing but what it is given, so many can be decided in a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from distportal.common.fresh_rows import fresh_row
from distportal.common.units import MEASURED, SMALLEST, common_step
from distportal.systems.ownership import DEFAULT
from inventory.process.reservations import Demand, Holding, Limits, planned_holdings
from inventory.queries.availability import StockView
from orders.choices import FindingAction, LineStatus, OrderStatus
from orders.models import Order, OrderLine
from orders.process.erp_lines import set_erp_unit
from orders.process.evaluation import Evaluation, Prepared, agreed_price, amount_of, judge_order
from orders.process.fitting import ROUNDING
from orders.process.policy import Policies
from orders.process.rules import Facts, LineFacts
from orders.process.split import least_part, limits_of, set_parts
from orders.process.states import move_order

_DECIDED = ("ship_to", "total", "price_as_of")
"""What a decision writes besides the status."""
_LINE_STATUS = {
    FindingAction.ACCEPT: LineStatus.ACCEPTED,
    **dict.fromkeys(ROUNDING, LineStatus.ACCEPTED),
    FindingAction.SUBSTITUTE: LineStatus.ACCEPTED,
    FindingAction.SPLIT: LineStatus.ACCEPTED,
    FindingAction.BACKORDER: LineStatus.BACKORDERED,
    FindingAction.REJECT: LineStatus.REJECTED,
    FindingAction.REJECT_ORDER: LineStatus.REJECTED,
    FindingAction.HOLD: LineStatus.HELD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What came of one look at an order: its row has it, the rest waits to be written. `moved` says whether its status
    changed; `served` are the lines that go to the ERP, each with what is held for it.
    """

    order: Order
    evaluation: Evaluation
    lines: list[OrderLine]
    moved: bool
    served: list[OrderLine] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)


def decide(order: Order, prepared: Prepared, *, stock: StockView, exposure: Decimal) -> Decision:
    """The order is accepted, held or rejected, and what it takes is taken of `stock`, whose rows the caller has locked.

    `exposure` is what is open of its account besides it. Raises NowhereStocked where an accepted line has no warehouse.
    """
    known = stock.of(item_ids=list(prepared.wanted), shelf_life=prepared.account.least_shelf_life)
    return decided(order, judge_order(prepared, stock=known, exposure=exposure), stock=stock)


def decided(order: Order, evaluation: Evaluation, *, stock: StockView) -> Decision:
    """What comes of the order by that evaluation; as `decide`."""
    facts = evaluation.facts
    lines = [_line(order, evaluation, n, fact) for n, fact in enumerate(facts.lines, 1)]
    wanted = [f for f in facts.lines if evaluation.action_of_line(f.line.line_no) != FindingAction.REJECT]
    order.ship_to = facts.ship_to
    order.total = sum((amount_of(fact) for fact in wanted), Decimal(0))
    order.price_as_of = facts.read_at
    if evaluation.status == OrderStatus.ACCEPTED:
        return _accepted(order, evaluation, lines, stock)
    if evaluation.status == OrderStatus.REJECTED:
        for line in lines:
            line.status = LineStatus.REJECTED
        reasons = refusals_of(evaluation)
        moved = move_order(order, OrderStatus.REJECTED, reason=reasons[0] if reasons else "", also=_DECIDED)
    elif evaluation.status == OrderStatus.RECEIVED and order.status == OrderStatus.RECEIVED:
        moved = False  # nobody but the machine has to do something; its row has the rest once it is split
    else:
        moved = move_order(order, OrderStatus.HELD, also=_DECIDED)
    return Decision(order=order, evaluation=evaluation, lines=lines, moved=moved)


def refusals_of(evaluation: Evaluation) -> list[str]:
    """Why an order was rejected, in words."""
    return [v.finding.message for v in evaluation.verdicts if v.action != FindingAction.ACCEPT]


def _accepted(order: Order, evaluation: Evaluation, lines: list[OrderLine], stock: StockView) -> Decision:
    facts = evaluation.facts
    served = [line for line in lines if line.status in (LineStatus.ACCEPTED, LineStatus.BACKORDERED)]
    demands = [_demand(line, evaluation.policies) for line in served]
    holdings = _planned(demands, facts, evaluation.policies)
    for demand, holding in zip(demands, holdings, strict=True):
        for part in holding.parts:
            if part.on is not None:
                stock.take(
                    item_id=demand.item_id,
                    warehouse_id=part.warehouse_id,
                    due_on=part.due_on,
                    quantity=part.quantity,
                    good_until=part.good_until,
                )
    set_parts(served, holdings, all_numbers=[line.line_no for line in lines])
    for line, holding in zip(served, holdings, strict=True):
        line.warehouse_id = holding.warehouse_id
        line.reserved_quantity = holding.quantity / _base_per_unit(line)
        line.status = LineStatus.ACCEPTED if holding.quantity >= line.base_quantity else LineStatus.BACKORDERED
    order.accepted_at = order.accepted_at or order.price_as_of  # a change that is accepted later is no first acceptance
    order.erp = facts.route.erp if facts.route else DEFAULT
    moved = move_order(order, OrderStatus.ACCEPTED, also=[*_DECIDED, "accepted_at", "erp"])
    return Decision(
        order=order,
        evaluation=evaluation,
        lines=lines,
        moved=moved,
        served=served,
        demands=demands,
        holdings=holdings,
    )


def _planned(demands: list[Demand], facts: Facts, policies: Policies) -> list[Holding]:
    """What one warehouse (or as many as the policy lets) can send now of each accepted line is held, and the rest of
    what it will receive; the ERP backorders it.
    """
    stock = {fact.item.pk: fact.availability for fact in facts.lines if fact.item and fact.availability}
    limits: Limits = limits_of(policies, of=facts.route.erp if facts.route else DEFAULT)
    return planned_holdings(demands=demands, stock=stock, limits=limits)


def _demand(line: OrderLine, policies: Policies) -> Demand:
    if line.item_id is None or line.base_quantity <= 0:
        raise ValueError(f"line {line.line_no} was accepted without an item or a unit of it")
    return Demand(
        ref=line.demand_ref,
        item_id=line.item_id,
        quantity=line.base_quantity,
        multiple=_multiple(line),
        wanted_on=line.requested_on or line.order.requested_on,
        least=least_part(policies) * _base_per_unit(line),
    )


def _line(order: Order, evaluation: Evaluation, position: int, fact: LineFacts) -> OrderLine:
    asked = fact.line
    line = fresh_row(
        OrderLine,
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
