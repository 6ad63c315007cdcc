"""An order whose lines are with two ERPs becomes one order for each of them, of the same PO and the same story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.observability.correlation import correlated
from orders.choices import OrderStatus
from orders.errors import NothingToCorrect
from orders.models import Order, OrderVersion
from orders.process.evaluation import evaluate_order
from orders.process.facts import publish_order_fact
from orders.process.intake import place_order
from orders.process.locks import lock_pos, locked_order
from orders.process.orchestration import decide_order
from orders.process.same_po import part_of


@transaction.atomic
def split_order(*, order_id: UUID, version: int, reason: str, actor: str) -> list[Order]:
    """The order with the lines that its own ERP has, and a new one for each other ERP; all are decided again, and each
    is held for itself where something else stands in its way. Both are parts of the PO.

    Raises StaleVersion, or NothingToCorrect for an order that is not held or that one ERP can have as a whole.
    """
    seen = Order.objects.select_related("account").get(pk=order_id)
    lock_pos([(seen.account_id, seen.po_norm)])  # the PO before the order, as intake does
    order = locked_order(order_id, version=version)
    if order.status != OrderStatus.HELD:
        raise NothingToCorrect(f"{order} is {order.get_status_display().lower()}; only a held order can be split")
    asked = from_json(AskedOrder, order.canonical)
    route = evaluate_order(order=asked, account=order.account, exclude_order=order).facts.route
    strays = dict(route.strays) if route else {}
    rest = [line for line in asked.lines if line.line_no not in strays]
    if route is None or not strays or not rest:
        raise NothingToCorrect(f"{order} has no lines that another ERP has to have; nothing was split")
    with correlated(order.correlation_id):
        made = [_placed(order, asked, erp, _lines_of(strays, erp)) for erp in sorted({*strays.values()})]
        _keep_rest(order, replace(asked, lines=tuple(rest), part=_part(asked, route.erp)), strays, reason, actor)
        publish_order_fact(order, "order.split", orders=[str(one.pk) for one in made], numbers=[str(o) for o in made])
        decide_order(order_id=order.pk)
    order.refresh_from_db()
    return [order, *made]


def _lines_of(strays: Mapping[str, str], erp: str) -> list[str]:
    return [line_no for line_no, other in strays.items() if other == erp]


def _placed(order: Order, asked: AskedOrder, erp: str, line_nos: Sequence[str]) -> Order:
    """The lines that are with the ERP as an order of their own, under the buyer's line numbers."""
    lines = tuple(line for line in asked.lines if line.line_no in line_nos)
    part = replace(asked, lines=lines, part=_part(asked, erp), charges=())
    # What it was a part of must not look like the same PO once more.
    if not order.po_part:
        order.po_part = part_of(replace(asked, part=_part(asked, "first")))
        order.save(update_fields=["po_part"])
    placed = place_order(
        order=part, source_key=f"split:{order.pk}:{erp}", placed_by=order.placed_by, placed_name=order.placed_name
    )
    return placed.order


def _part(asked: AskedOrder, erp: str) -> str:
    return f"{asked.part} {erp}".strip()


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
