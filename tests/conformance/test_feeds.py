"""What the ERP's own people did comes back: shipments and invoices as canonical objects, every change at least once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.port import Change, ErpPort, FeedKind, OrderState
from distportal.systems.errors import Misconfigured, OutOfStep
from tests.conformance.conftest import settled
from tests.conformance.worlds.base import World


def read(erp: ErpPort, kind: FeedKind, cursor: str | None = None, limit: int = 500) -> tuple[list[Change], str]:
    """Everything to the end of the feed, and the cursor there."""
    found: list[Change] = []
    while True:
        page = erp.changes(kind, cursor, limit)
        found += page.changes
        cursor = page.next_cursor
        if not page.more:
            return found, cursor


def of(changes: list[Change], order_key: str) -> list[dict[str, object]]:
    """The latest payloads of an order."""
    latest = {c.erp_id: c for c in sorted(changes, key=lambda c: c.version)}
    return [dict(c.payload) for c in latest.values() if c.payload["order_key"] == order_key]


def test_a_part_shipment_the_rest_and_the_bill_come_back(
    world: World, erp: ErpPort, evidence: Callable[[str], None]
) -> None:
    wanted = world.draft(world.line(quantity=12), world.other_line(quantity=1))
    state = settled(erp, wanted)
    cursors = {kind: read(erp, kind)[1] for kind in ("shipment", "invoice", "order")}
    world.ship(state, {"1": 8, "2": 1})
    [part] = of(read(erp, "shipment", cursors["shipment"])[0], wanted.order_key)
    shipment = from_json(Shipment, part)
    assert {(i.order_line_no, i.quantity, i.unit) for i in shipment.lines} == {
        ("1", Decimal(8), "EA"), ("2", Decimal(1), "EA"),
    }  # fmt: skip
    assert (shipment.ship_from.code, shipment.order_key) == ("RENO", wanted.order_key)
    assert erp.find_order(wanted.order_key)[0].stage == "in_fulfilment"
    number = world.bill(state)
    billed = [from_json(Invoice, i) for i in of(read(erp, "invoice", cursors["invoice"])[0], wanted.order_key)]
    [invoice] = [i for i in billed if i.number == number]
    assert invoice.kind == "invoice"
    assert {i.order_line_no for i in invoice.lines} == {"1", "2"}
    assert {i.unit_price for i in invoice.lines} == {Decimal(world.price), Decimal(world.other_price)}
    assert invoice.total == sum((i.amount for i in invoice.lines), Decimal(0)) + invoice.tax
    assert invoice.due_on > invoice.issued_on
    orders = [from_json(OrderState, o) for o in of(read(erp, "order", cursors["order"])[0], wanted.order_key)]
    assert [o.stage for o in orders] in (["in_fulfilment"], ["closed"])
    evidence(f"{wanted.order_key}: shipment {shipment.number} of 8 + 1, invoice {invoice.number} of {invoice.total}")


def test_the_feed_goes_on_where_it_ended_and_repeats_no_news(world: World, erp: ErpPort) -> None:
    before = settled(erp, world.draft())
    seen, cursor = read(erp, "order")
    assert before.erp_id in {c.erp_id for c in seen}
    again, cursor = read(erp, "order", cursor)
    known = {(c.erp_id, c.version) for c in seen}
    assert {(c.erp_id, c.version) for c in again} <= known, "an overlap repeats versions, it has no news"
    after = settled(erp, world.draft())
    news, _ = read(erp, "order", cursor)
    assert after.erp_id in {c.erp_id for c in news}
    assert all(c.version == max(v.version for v in news if v.erp_id == c.erp_id) for c in news)


def test_small_pages_lose_nothing_and_repeat_nothing(world: World, erp: ErpPort) -> None:
    made = {settled(erp, world.draft()).erp_id for _ in range(3)}
    whole, _ = read(erp, "order")
    small, _ = read(erp, "order", None, limit=2)
    assert {c.erp_id for c in small} == {c.erp_id for c in whole}
    assert made <= {c.erp_id for c in small}
    assert len(small) == len({(c.erp_id, c.version) for c in small})


@pytest.mark.parametrize("kind", ["order", "shipment", "invoice", "customer"])
def test_a_foreign_cursor_asks_for_a_snapshot(world: World, erp: ErpPort, kind: FeedKind) -> None:
    with pytest.raises(OutOfStep if kind in erp.capabilities().feeds else Misconfigured):
        erp.changes(kind, "e:nonsense", 10)


def test_a_feed_that_is_not_offered_says_so(world: World, erp: ErpPort) -> None:
    for kind in ("item", "stock", "price"):
        if kind in world.offers:
            assert kind in erp.capabilities().feeds
            continue
        assert kind not in erp.capabilities().feeds
        with pytest.raises(Misconfigured):
            erp.changes(kind, None, 10)
        with pytest.raises(Misconfigured):
            list(erp.snapshot(kind, {}))
