"""An order whose lines are with two ERPs becomes one order for each of them, of the same PO and the same story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.observability.correlation import correlated
from inventory.process.reservations import lock_stock
from orders.choices import OrderStatus
from orders.errors import NothingToCorrect
from orders.models import Order, OrderVersion
from orders.process.evaluation import Evaluation, evaluate_order
from orders.process.facts import publish_order_fact
from orders.process.intake import place_order
from orders.process.locks import lock_pos, locked_order
from orders.process.orchestration import decide_order
from orders.process.same_po import part_of
from orders.queries.numbers import normalise_po
from orders.registry import split_followers

BY_POLICY = "the policy"
_UNDECIDED = (OrderStatus.RECEIVED, OrderStatus.HELD)


@transaction.atomic
def split_order(*, order_id: UUID, version: int, reason: str, actor: str) -> list[Order]:
    """The order with the lines that its own ERP has, and a new one for each other ERP; all are decided again, and each
    is held for itself where something else stands in its way. Both are parts of the PO.

    Raises StaleVersion, or NothingToCorrect for an order that is not held or that one ERP can have as a whole.
    """
    order = _locked(order_id, version=version)
    if order.status not in _UNDECIDED:
        raise NothingToCorrect(f"{order} is {order.get_status_display().lower()}; only a held order can be split")
    made = _split(order, _evaluated(order), reason=reason, actor=actor)
    if not made:
        raise NothingToCorrect(f"{order} has no lines that another ERP has to have; nothing was split")
    return made


@transaction.atomic
def split_by_policy(*, order_id: UUID) -> list[Order]:
    """As `split_order`, where the policy of the account says so and nothing else stands in the way; none where a person
    or an earlier try was faster. An order that does not need it any more is decided as a whole.
    """
    order = _locked(order_id)
    if order.status not in _UNDECIDED:
        return []
    evaluation = _evaluated(order)
    if evaluation.status == OrderStatus.RECEIVED:
        return _split(order, evaluation, reason="its lines are with two ERPs", actor=BY_POLICY)
    if order.status == OrderStatus.RECEIVED:
        decide_order(order_id=order.pk)
    return []


def _locked(order_id: UUID, *, version: int | None = None) -> Order:
    """What followers have before the PO, the PO before the order: so does intake."""
    for follower in split_followers():
        follower.prepare(order_id)
    seen = Order.objects.only("account_id", "po_norm").get(pk=order_id)
    lock_pos([(seen.account_id, seen.po_norm)])
    return locked_order(order_id, version=version)


def _evaluated(order: Order) -> Evaluation:
    return evaluate_order(order=from_json(AskedOrder, order.canonical), account=order.account, exclude_order=order)


def _split(order: Order, evaluation: Evaluation, *, reason: str, actor: str) -> list[Order]:
    """The order and those that are made of it; none where it is one ERP's as a whole. The caller holds the locks."""
    asked, route = evaluation.facts.order, evaluation.facts.route
    strays = dict(route.strays) if route else {}
    rest = [line for line in asked.lines if line.line_no not in strays]
    if route is None or not strays or not rest:
        return []
    # The stock of all lines at once: the orders of one PO take theirs one after the other.
    lock_stock({fact.item.pk for fact in evaluation.facts.lines if fact.item})
    with correlated(order.correlation_id):
        made = [_placed(order, asked, erp, _lines_of(strays, erp)) for erp in sorted({*strays.values()})]
        part = _free_part(order, asked, route.erp)
        _keep_rest(order, replace(asked, lines=tuple(rest), part=part), strays, reason, actor)
        for follower in split_followers():
            follower.follow(order.pk, [one.pk for one in made])
        publish_order_fact(order, "order.split", orders=[str(one.pk) for one in made], numbers=[str(o) for o in made])
        decide_order(order_id=order.pk)
    order.refresh_from_db()
    return [order, *made]


def _lines_of(strays: Mapping[str, str], erp: str) -> list[str]:
    return [line_no for line_no, other in strays.items() if other == erp]


def _placed(order: Order, asked: AskedOrder, erp: str, line_nos: Sequence[str]) -> Order:
    """The lines that are with the ERP as an order of their own, under the buyer's line numbers."""
    lines = tuple(line for line in asked.lines if line.line_no in line_nos)
    part = replace(asked, lines=lines, part=_free_part(order, asked, erp), charges=())
    # What it was a part of must not look like the same PO once more.
    if not order.po_part:
        order.po_part = part_of(replace(asked, part=f"{asked.part} first".strip()))
        order.save(update_fields=["po_part"])
    placed = place_order(
        order=part, source_key=f"split:{order.pk}:{order.version}:{erp}", placed_by=order.placed_by,
        placed_name=order.placed_name,
    )  # fmt: skip
    return placed.order


def _free_part(order: Order, asked: AskedOrder, erp: str) -> str:
    """The name of a part of the PO that no other order has: one that was split before may be split once more."""
    others = Order.objects.filter(account=order.account_id, po_norm=order.po_norm).exclude(pk=order.pk)
    taken = set(others.values_list("po_part", flat=True))
    bare = f" {asked.part}".removesuffix(f" {erp}").strip()
    names = chain([f"{bare} {erp}".strip()], (f"{bare} {erp} {n}".strip() for n in count(2)))
    return next(name for name in names if normalise_po(name)[:60] not in taken)


def _keep_rest(order: Order, asked: AskedOrder, strays: Mapping[str, str], reason: str, actor: str) -> None:
    order.canonical, order.version, order.po_part = to_json(asked), order.version + 1, part_of(asked)
    order.save(update_fields=["canonical", "version", "po_part", "updated_at"])
    OrderVersion.objects.create(
        order=order,
        version=order.version,
        canonical=order.canonical,
        changes=[{"field": f"line.{line_no}.erp", "old": "", "new": erp} for line_no, erp in strays.items()],
        actor=actor,
        reason=reason[:300] or "split by ERP",
    )
