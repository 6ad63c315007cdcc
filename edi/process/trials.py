"""What a set would come to if it were live: mapped and judged, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from edi.choices import Direction, Exchange, Outcome
from edi.documents.po850 import read_850
from edi.documents.poc860 import read_860
from edi.models import TradingPartner
from edi.process.change_routing import change_qualifiers
from edi.process.item_choice import choose_items
from edi.process.order_options import order_options
from edi.process.translation import as_placed
from edi.queries.agreements import terms
from edi.x12.errors import MappingError
from edi.x12.structure import TransactionSet
from orders.choices import FindingAction, OrderStatus
from orders.process.evaluation import Evaluation, evaluate_order

if TYPE_CHECKING:
    from distportal.accounts.models import Account

_ORDERS = ("original", "confirmation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The exchange that a set belongs to, whether it did what it should, and every sentence about it. `order` and
    `evaluation` where it became an order.
    """

    exchange: Exchange
    outcome: Outcome
    sentences: tuple[str, ...]
    order: AskedOrder | None = None
    evaluation: Evaluation | None = None
    sources: dict[str, int] = field(default_factory=dict)


def try_set(
    tset: TransactionSet,
    *,
    account: Account,
    partner: TradingPartner | None = None,
    tried: Callable[[str], AskedOrder | None] | None = None,
) -> Trial | None:
    """The trial of an 850 or 860; None for a set that no test exchange is about. `partner` knows the words, `tried`
    gives the order of a PO number that a change has to be about; without it any will do.
    """
    if tset.st01 == "860":
        return _changed(tset, account, partner, tried)
    if tset.st01 != "850":
        return None
    try:
        mapped = read_850(tset, account=account.code, options=order_options(partner) if partner else None)
    except MappingError as error:
        told = tuple(str(problem) for problem in error.problems)
        return Trial(exchange=_meant(tset), outcome=Outcome.FAILED, sentences=told)
    order = as_placed(mapped.order, partner)
    if order.purpose not in _ORDERS:
        told = (f"The {order.purpose} was read.", *mapped.notes)
        return Trial(exchange=_meant(tset), outcome=Outcome.PASSED, sentences=told, order=order)
    qualifiers = terms(partner, Direction.IN, "850").item_qualifiers if partner else ()
    chosen = choose_items(order, account_id=account.pk, qualifiers=qualifiers)
    if chosen.problems:
        return Trial(exchange=_meant(tset), outcome=Outcome.FAILED, sentences=chosen.problems)
    return _judged(chosen.order, account, [*mapped.notes, *chosen.notes], mapped.sources)


def _changed(
    tset: TransactionSet,
    account: Account,
    partner: TradingPartner | None,
    tried: Callable[[str], AskedOrder | None] | None,
) -> Trial:
    """An 860 is read as a live one is."""
    exchange = Exchange.CANCEL if _value(tset, "BCH") == "01" else Exchange.CHANGE
    try:
        mapped = read_860(tset, account=account.code, options=order_options(partner) if partner else None)
    except MappingError as error:
        told = tuple(str(problem) for problem in error.problems)
        return Trial(exchange=exchange, outcome=Outcome.FAILED, sentences=told)
    change, sources = mapped.change, mapped.sources
    chosen = choose_items(
        change, account_id=account.pk, qualifiers=change_qualifiers(partner, "860") if partner else ()
    )
    amiss = (*(_strange_to(change, tried(change.po_number)) if tried else ()), *chosen.problems)
    if amiss:
        return Trial(exchange=exchange, outcome=Outcome.FAILED, sentences=amiss, sources=sources)
    lines = f"{len(change.lines)} line{'s' if len(change.lines) != 1 else ''} of "
    does = "cancel" if change.purpose == "cancellation" else f"change {lines if change.lines else ''}"
    head = f"It would {does.strip()} PO {change.po_number}."
    return Trial(
        exchange=exchange, outcome=Outcome.PASSED, sentences=(head, *mapped.notes, *chosen.notes), sources=sources
    )


def _strange_to(change: OrderChange, order: AskedOrder | None) -> tuple[str, ...]:
    """What of a change does not fit the tried order."""
    if order is None:
        return (f"No test order with the PO number {change.po_number} was tried before: the order comes first.",)
    known = {line.buyer_line or line.line_no for line in order.lines}
    strange = [line for line in change.lines if line.kind != "add" and (line.buyer_line or line.line_no) not in known]
    return tuple(f"Line {line.line_no} is not in the test order {order.po_number}." for line in strange)


def _judged(order: AskedOrder, account: Account, notes: list[str], sources: dict[str, int]) -> Trial:
    evaluation = evaluate_order(order=order, account=account)
    told = tuple(v.finding.message for v in evaluation.verdicts if v.action != FindingAction.ACCEPT)
    exchange, outcome = _outcome(evaluation)
    head = {
        OrderStatus.HELD: "A person would have to look at this order before it is accepted.",
        OrderStatus.REJECTED: "The order would be rejected.",
    }.get(evaluation.status, "The order would be accepted.")
    return Trial(
        exchange=exchange,
        outcome=outcome,
        sentences=(head, *told, *notes),
        order=order,
        evaluation=evaluation,
        sources=sources,
    )


def _outcome(evaluation: Evaluation) -> tuple[Exchange, Outcome]:
    if evaluation.status == OrderStatus.HELD:
        return Exchange.CLEAN, Outcome.FAILED
    if evaluation.status == OrderStatus.REJECTED:
        return Exchange.REJECT, Outcome.PASSED
    actions = {evaluation.action_of_line(fact.line.line_no) for fact in evaluation.facts.lines}
    return (Exchange.CLEAN if actions <= {FindingAction.ACCEPT} else Exchange.PARTIAL), Outcome.PASSED


def _meant(tset: TransactionSet) -> Exchange:
    """What an 850 is about by its purpose (BEG01)."""
    return {"01": Exchange.CANCEL, "04": Exchange.CHANGE, "05": Exchange.CHANGE}.get(
        _value(tset, "BEG"), Exchange.CLEAN
    )


def _value(tset: TransactionSet, segment: str) -> str:
    return next((row.get(1).strip() for row in tset.segments if row.id == segment), "")
