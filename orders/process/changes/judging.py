"""Hold a plan against the same rules that judge new orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from orders.choices import FindingAction, OrderStatus
from orders.models import Order
from orders.process.changes.lines import LineAnswer, Standing
from orders.process.changes.planning import Plan, plan_change
from orders.process.evaluation import Evaluation, evaluate_order
from orders.process.fitting import Misfit

_OF_DATES = frozenset({"date_past", "dates_impossible"})
"""Findings of the whole order that count even where a change asks for nothing more."""
_IMPOSSIBLE = frozenset({"item_unknown", "item_ambiguous", "unit_unknown", "quantity_invalid"})
"""Findings that nobody can overrule: there is nothing to send to the ERP."""


def judged_plan(order: Order, change: OrderChange, standing: Mapping[str, Standing], *, insist: bool = False) -> Plan:
    """The plan with what the rules say of the lines it touches: a line that they reject is refused, what they hold is
    among the plan's `holds`. With `insist` only what cannot be done at all is held, for a person has looked; the rules
    of an order that is held itself speak when it is decided again.
    """
    asked = from_json(AskedOrder, order.canonical)
    plan = plan_change(asked, change, standing=standing)
    if plan.cancels or plan.refused:
        return replace(plan, holds=()) if insist else plan
    evaluation = evaluate_order(order=_live(plan, standing, asked), account=order.account, exclude_order=order)
    refusals = _refusals(plan, evaluation)
    if refusals:
        plan = plan_change(asked, change, standing=standing, refusals=refusals)
    plan = replace(plan, answers=_as_taken(plan, evaluation))
    if order.status in (OrderStatus.RECEIVED, OrderStatus.HELD):
        return replace(plan, holds=()) if insist else plan
    holds = _holds(plan, evaluation, only=_IMPOSSIBLE if insist else None)
    return replace(plan, holds=holds if insist else (*plan.holds, *holds))


def _live(plan: Plan, standing: Mapping[str, Standing], before: AskedOrder) -> AskedOrder:
    """The target without lines that were closed before: they are not judged again."""
    closed = {line.line_no for line in before.lines} - standing.keys()
    return replace(plan.target, lines=tuple(ln for ln in plan.target.lines if ln.line_no not in closed))


def _as_taken(plan: Plan, evaluation: Evaluation) -> tuple[LineAnswer, ...]:
    """The answers with what the policy takes of a quantity that the item is not sold in, and why."""
    misfits = {f.line.line_no: f.misfit for f in evaluation.facts.lines if f.misfit and f.misfit.taken is not None}
    said = {(v.finding.line_no, v.finding.code): v.finding.message for v in evaluation.verdicts}
    return tuple(_taken(a, misfits.get(a.line_no), said) if a.accepted else a for a in plan.answers)


def _taken(answer: LineAnswer, misfit: Misfit | None, said: Mapping[tuple[str, str], str]) -> LineAnswer:
    if misfit is None or answer.quantity != misfit.asked:
        return answer
    reason = said.get((answer.line_no, misfit.code), "")
    return replace(answer, asked=misfit.asked, quantity=misfit.taken, reason=reason)


def _refusals(plan: Plan, evaluation: Evaluation) -> dict[str, str]:
    whole = [v.finding.message for v in evaluation.verdicts if v.action == FindingAction.REJECT_ORDER]
    if whole:
        return {a.line_no: whole[0] for a in plan.answers if a.accepted}
    return {
        v.finding.line_no: v.finding.message
        for v in evaluation.verdicts
        if v.action == FindingAction.REJECT and v.finding.line_no in plan.touched
    }


def _holds(plan: Plan, evaluation: Evaluation, *, only: frozenset[str] | None) -> tuple[str, ...]:
    held = [v.finding for v in evaluation.verdicts if v.action == FindingAction.HOLD]
    return tuple(
        f.message
        for f in held
        if (only is None or f.code in only)
        and (f.line_no in plan.touched or (not f.line_no and (plan.asks_more or f.code in _OF_DATES)))
    )
