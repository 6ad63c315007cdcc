"""What the ERP would get of a corrected order, against what it got or would have got: reads only, writes nothing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.events.clock import database_now
from distportal.systems.erp.port import OrderDraft
from inventory.errors import NowhereStocked
from inventory.queries.foreseen_stock import stock_without
from orders.choices import CommandKind, CommandState, FindingAction, OrderStatus
from orders.models import ErpCommand, Order
from orders.process.choices_made import FieldChange
from orders.process.commands import draft_of
from orders.process.corrections import corrected
from orders.process.deciding import decided
from orders.process.evaluation import Evaluation, exposure_of, judge_order, prepare_order
from orders.queries.erp_fields import ErpField, erp_fields

_SETTLED_BY_PEOPLE = (FindingAction.HOLD, FindingAction.SPLIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would come of an edit. `got` says that the ERP got what stands under `before`; else it would have, had
    nothing held the order. `fields` are all fields of both.
    """

    evaluation: Evaluation
    diff: tuple[FieldChange, ...]
    fields: tuple[ErpField, ...]
    key: str
    got: bool
    leaves: bool

    @property
    def changed(self) -> list[ErpField]:
        """What the ERP would get otherwise."""
        return [field for field in self.fields if field.changed]

    @property
    def same(self) -> int:
        """How many fields stay as they are."""
        return len(self.fields) - len(self.changed)

    @property
    def makes_nothing(self) -> bool:
        """Whether no document for the ERP can be made of the order as it would be."""
        return not any(field.after for field in self.fields)

    @property
    def left(self) -> list[Any]:
        """What the rules would still say."""
        return [v for v in self.evaluation.verdicts if v.action != FindingAction.ACCEPT]


def dry_run(*, order_id: UUID, changes: Mapping[str, str]) -> DryRun:
    """The rules and the ERP's document for the corrected order. Raises NothingToCorrect for a value that cannot be."""
    order = Order.objects.select_related("account", "ship_to").get(pk=order_id)
    asked, diff = corrected(order.canonical, changes)
    sent = ErpCommand.objects.filter(order=order, kind=CommandKind.ORDER, state=CommandState.REJECTED).first()
    got = sent is not None and sent.attempts > 0
    evaluation, after = _foreseen(order, asked)
    before = from_json(OrderDraft, sent.draft) if got and sent else _foreseen(order, order.canonical)[1]
    return DryRun(
        evaluation=evaluation,
        diff=tuple(diff),
        fields=tuple(erp_fields(before, after)),
        key=f"NL-{order.number}",
        got=got,
        leaves=evaluation.status == OrderStatus.ACCEPTED,
    )


def _foreseen(order: Order, canonical: Mapping[str, Any]) -> tuple[Evaluation, OrderDraft | None]:
    """The evaluation of that content, and what the ERP would get of it once nothing holds it; None for nothing."""
    asked = from_json(AskedOrder, dict(canonical))
    prepared = prepare_order(order=asked, account=order.account, now=database_now(), known=order, items=None)
    refs = [f"order:{order.pk}:{line.line_no}" for line in asked.lines]
    stock = stock_without(item_ids=list(prepared.wanted), demand_refs=refs)
    known = stock.of(item_ids=list(prepared.wanted), shelf_life=order.account.least_shelf_life)
    evaluation = judge_order(prepared, stock=known, exposure=exposure_of(order.account, exclude=order))
    settled = _as_if_settled(evaluation)
    if settled.status != OrderStatus.ACCEPTED:
        return evaluation, None
    row = _unsaved(order, asked)
    try:
        decision = decided(row, settled, stock=stock)
    except NowhereStocked:
        return evaluation, None
    return evaluation, draft_of(decision) if decision.served else None


def _unsaved(order: Order, asked: AskedOrder) -> Order:
    """A copy that no process takes for the row in the database."""
    row = copy.copy(order)
    row._state = copy.copy(order._state)
    row._state.adding, row.status = True, OrderStatus.RECEIVED
    row.requested_on, row.cancel_after = asked.requested_on, asked.cancel_after
    return row


def _as_if_settled(evaluation: Evaluation) -> Evaluation:
    """What people hold back is let go; a line of which the item or the unit is not known cannot go."""
    unknown = {fact.line.line_no for fact in evaluation.facts.lines if fact.item is None or not fact.base_quantity}
    verdicts = []
    for verdict in evaluation.verdicts:
        if verdict.finding.line_no in unknown:
            verdicts.append(replace(verdict, action=FindingAction.REJECT))
        elif verdict.action not in _SETTLED_BY_PEOPLE:
            verdicts.append(verdict)
    return replace(evaluation, verdicts=tuple(verdicts))
