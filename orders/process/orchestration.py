"""Evaluate an order, write what came of it, and start what follows: the same steps at first and after a correction."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.units import to_base
from distportal.events.clock import database_now
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from inventory.process.reservations import pick_warehouse, release, reserve
from orders.choices import FindingAction, LineStatus, OrderStatus
from orders.models import Order, OrderFinding, OrderLine
from orders.process.commands import request_erp_order
from orders.process.evaluation import Evaluation, agreed_price, amount_of, evaluate_order
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_order
from orders.process.rules import LineFacts
from orders.process.states import move_order

_LINE_STATUS = {
    FindingAction.ACCEPT: LineStatus.ACCEPTED,
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
    evaluation = evaluate_order(order=asked, account=order.account, exclude_order=order)
    _write_lines(order, evaluation)
    _write_findings(order, evaluation)
    order.ship_to = evaluation.facts.ship_to
    order.total = sum(
        (
            amount_of(f)
            for f in evaluation.facts.lines
            if evaluation.action_of_line(f.line.line_no) != FindingAction.REJECT
        ),
        Decimal(0),
    )
    order.price_as_of = database_now()
    order.save(update_fields=["ship_to", "total", "price_as_of", "updated_at"])
    if evaluation.status == OrderStatus.HELD:
        _hold(order, evaluation)
    elif evaluation.status == OrderStatus.REJECTED:
        _reject(order, evaluation)
    else:
        _accept(order)
    return evaluation


def _write_lines(order: Order, evaluation: Evaluation) -> None:
    OrderFinding.objects.filter(order=order, line__isnull=False).update(line=None)
    order.lines.all().delete()
    OrderLine.objects.bulk_create(_line(order, evaluation, n, fact) for n, fact in enumerate(evaluation.facts.lines, 1))


def _line(order: Order, evaluation: Evaluation, position: int, fact: LineFacts) -> OrderLine:
    asked = fact.line
    return OrderLine(
        order=order,
        position=position,
        line_no=asked.line_no,
        item=fact.item,
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
    )


def _write_findings(order: Order, evaluation: Evaluation) -> None:
    by_no = {line.line_no: line for line in order.lines.all()}
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
    first = move_order(order, OrderStatus.HELD)
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
    order.lines.update(status=LineStatus.REJECTED)
    move_order(order, OrderStatus.REJECTED, reason=reasons[0] if reasons else "")
    resolve_cases(
        subject_type="order",
        subject_id=str(order.pk),
        resolution=Resolution.CORRECTED,
        reason="the order was rejected",
        code="held",
    )
    publish_order_fact(order, "order.rejected", reasons=reasons)


def _accept(order: Order) -> None:
    move_order(order, OrderStatus.ACCEPTED)
    order.accepted_at = database_now()
    order.save(update_fields=["accepted_at"])
    for line in order.lines.filter(status__in=(LineStatus.ACCEPTED, LineStatus.BACKORDERED)).select_related("item"):
        _reserve_line(line)
    request_erp_order(order=order)
    resolve_cases(
        subject_type="order",
        subject_id=str(order.pk),
        resolution=Resolution.CORRECTED,
        reason="the order was accepted",
        code="held",
    )
    publish_order_fact(order, "order.accepted")


def _reserve_line(line: OrderLine) -> None:
    """Hold what one warehouse can send now; the rest is the ERP's to backorder."""
    item = line.item
    if item is None:
        raise ValueError(f"line {line.line_no} was accepted without an item")
    warehouse, free = pick_warehouse(item_id=item.pk, quantity=line.base_quantity)
    line.warehouse = warehouse
    held = min(free, line.base_quantity)
    if held > 0:
        reserve(demand_ref=demand_ref(line), item_id=item.pk, warehouse_id=warehouse.pk, quantity=held)
    per_unit = to_base(
        Decimal(1), unit=line.unit, base_unit=item.base_unit, pack_unit=item.pack_unit, pack_size=item.pack_size
    )
    line.reserved_quantity = held / per_unit
    line.status = LineStatus.ACCEPTED if held >= line.base_quantity else LineStatus.BACKORDERED
    line.save(update_fields=["warehouse", "reserved_quantity", "status"])


def demand_ref(line: OrderLine) -> str:
    """What a reservation knows the line by; it survives the rewriting of lines."""
    return f"order:{line.order_id}:{line.line_no}"


def release_order(order: Order) -> None:
    """Nothing is reserved for the order any more."""
    release(demand_refs=[demand_ref(line) for line in order.lines.all()])
