"""Items, stock, prices and customers in our codes, and credits and prints where an ERP has them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.systems.erp.port import ErpPort, SnapshotKind
from distportal.systems.errors import Misconfigured, Rejected
from tests.conformance.conftest import settled
from tests.conformance.test_feeds import of, read
from tests.conformance.worlds.base import World
from tests.days import ahead


def snapshot(erp: ErpPort, kind: SnapshotKind, **scope: str) -> list[dict[str, Any]]:
    """The payloads of a whole snapshot."""
    return [dict(change.payload) for page in erp.snapshot(kind, scope) for change in page]


def test_customers_come_in_our_codes(world: World, erp: ErpPort) -> None:
    if "customer" not in world.offers:
        assert "customer" not in erp.capabilities().feeds
        return
    [harbor] = snapshot(erp, "customer", account="HARBOR")
    assert (harbor["account"], harbor["status"]) == ("HARBOR", "active")
    assert Decimal(harbor["credit_limit"]) > 0
    assert Decimal(harbor["credit_balance"]) >= 0
    assert "HARBOR" in {c.payload["account"] for c in read(erp, "customer")[0]}


def test_items_come_with_units_and_list_price(world: World, erp: ErpPort) -> None:
    if "item" not in world.offers:
        assert "item" not in erp.capabilities().feeds
        return
    [item] = snapshot(erp, "item", sku=world.sku)
    assert snapshot(erp, "item", sku=f"NO-SUCH,{world.sku}") == [item], "several at once; an unknown one has no rows"
    assert snapshot(erp, "item", sku="NO-SUCH") == []
    assert (item["sku"], item["base_unit"], item["status"], item["list_price"]) == (
        world.sku,
        "EA",
        "active",
        world.list_price,
    )
    fed = {c.payload["sku"]: c for c in read(erp, "item")[0]}
    assert dict(fed[world.sku].payload) == item


def test_accepted_orders_take_from_what_is_available_and_shipments_from_what_lies_there(
    world: World, erp: ErpPort
) -> None:
    if "stock" not in world.offers:
        assert "stock" not in erp.capabilities().feeds
        return

    def figures() -> tuple[Decimal, Decimal]:
        [row] = snapshot(erp, "stock", sku=world.sku, warehouse="RENO")
        return Decimal(row["on_hand"]), Decimal(row["available"])

    _, cursor = read(erp, "stock")
    on_hand, available = figures()
    wanted = world.draft(world.line(quantity=5))
    state = settled(erp, wanted)
    assert figures() == (on_hand, available - 5)
    world.ship(state, {"1": 5})
    assert figures() == (on_hand - 5, available - 5)
    rows = [c.payload for c in read(erp, "stock", cursor)[0]]
    last = [r for r in rows if (r["sku"], r["warehouse"]) == (world.sku, "RENO")][-1]
    assert (Decimal(last["on_hand"]), Decimal(last["available"])) == figures()
    assert dt.datetime.fromisoformat(last["as_of"]).tzinfo is not None


def test_the_figures_that_include_an_order_are_dated_after_it_was_taken(world: World, erp: ErpPort) -> None:
    if "stock" not in world.offers:
        return
    state = settled(erp, world.draft())
    taken = state.allocated_at or state.as_of
    [row] = snapshot(erp, "stock", sku=world.sku, warehouse="RENO")
    dated = dt.datetime.fromisoformat(row["as_of"])
    assert abs((dated - taken).total_seconds()) < 5, "both are the ERP's clock"


def test_prices_follow_the_customers_ladder(world: World, erp: ErpPort) -> None:
    if "quote" not in world.offers:
        with pytest.raises(Misconfigured):
            erp.quote_price("HARBOR", [world.line()], ahead())
        return
    rungs = snapshot(erp, "price", account="HARBOR", sku=world.sku)
    ladder = sorted((Decimal(r["min_quantity"]), Decimal(r["unit_price"])) for r in rungs if r["account"] == "HARBOR")
    assert ladder[0] == (1, Decimal(world.price))
    assert [price for _, price in ladder] == sorted((price for _, price in ladder), reverse=True)
    quoted = erp.quote_price("HARBOR", [world.line("1", 1), world.line("2", int(ladder[1][0]))], ahead())
    assert [line.unit_price for line in quoted] == [ladder[0][1], ladder[1][1]]
    listed = {(c.payload["sku"], c.payload["account"]) for c in read(erp, "price")[0]}
    assert {(world.sku, ""), (world.sku, "HARBOR")} <= listed


def test_a_credit_request_becomes_a_credit_memo_with_our_key(
    world: World, erp: ErpPort, evidence: Callable[[str], None]
) -> None:
    if "credit" not in world.offers:
        asked = world.draft(kind="credit_request", invoice_number="1")
        with pytest.raises(Misconfigured):
            erp.advance_order(asked, None)
        assert world.held(asked.order_key) == []
        return
    order = settled(erp, world.draft(world.line(quantity=5)))
    world.ship(order, {"1": 5})
    number = world.bill(order)
    values = {"kind": "credit_request", "invoice_number": number, "reason": "DAMAGED"}
    asked = world.draft(world.line(quantity=1, price="17.60"), **values)
    state = settled(erp, asked)
    assert state.stage == "accepted"
    world.post_credit(asked.order_key)
    [memo] = [from_json(Invoice, i) for i in of(read(erp, "invoice")[0], asked.order_key)]
    assert (memo.kind, memo.corrects, memo.total - memo.tax) == ("credit_memo", number, Decimal("17.60"))
    assert erp.find_order(asked.order_key)[0].stage == "closed"
    evidence(f"credit {asked.order_key} of {number}: credit memo {memo.number} of {memo.total}")
    for wrong, code in (
        ({**values, "invoice_number": f"NONE-{uuid.uuid4().hex[:6]}"}, "erp.invoice_unknown"),
        (values, "erp.credit_exceeds_invoice"),
    ):
        with pytest.raises(Rejected) as caught:
            settled(erp, world.draft(world.line(quantity=1, price="44.00"), **wrong))
        assert caught.value.code == code


def test_a_print_comes_as_pdf_or_the_reason_why_not(world: World, erp: ErpPort) -> None:
    order = settled(erp, world.draft())
    world.ship(order, {"1": 2})
    number = world.bill(order)
    if "document" in world.offers:
        assert erp.document("invoice_pdf", number).content.startswith(b"%PDF")
        return
    with pytest.raises(Misconfigured) as caught:
        erp.document("invoice_pdf", number)
    assert caught.value.code in ("erp.document_not_pdf", "erp.not_offered")
