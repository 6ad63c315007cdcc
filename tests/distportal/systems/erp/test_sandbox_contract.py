"""The nine calls against the real sandbox ERP over HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.port import ErpPort, FeedKind, OrderState
from distportal.systems.erp.sandbox_rest import SandboxErp
from distportal.systems.errors import AuthFailed, Conflict, Misconfigured, OutOfStep, Rejected
from tests.distportal.systems.erp.drafts import accepted, draft, line
from tests.sandbox import SandboxProcess


def latest(erp: SandboxErp, kind: FeedKind, order_key: str) -> list[dict[str, object]]:
    """Every payload of the feed that belongs to the order."""
    cursor, found = None, []
    while True:
        page = erp.changes(kind, cursor, 500)
        found += [dict(c.payload) for c in page.changes if c.payload.get("order_key") == order_key]
        cursor = page.next_cursor
        if not page.more:
            return found


def test_the_adapter_is_an_erp_port(erp: SandboxErp) -> None:
    assert isinstance(erp, ErpPort)


def test_health_tells_how_far_the_erps_clock_is_off(erp: SandboxErp) -> None:
    health = erp.health()
    assert health.ok
    assert 36.5 < health.clock_skew_s < 37.5


def test_an_order_takes_three_steps_and_stops_there(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft(line(quantity=3), line("2", "PLB-30001", 1, "CA", "100.32"))
    states = [erp.advance_order(wanted, None)]
    for _ in range(3):
        states.append(erp.advance_order(wanted, states[-1]))
    assert [(s.stage, s.raw_state) for s in states] == [
        ("draft", "DRAFT"), ("draft", "CONFIRMED"), ("accepted", "RELEASED"), ("accepted", "RELEASED"),
    ]  # fmt: skip
    assert states[-1].total == Decimal("126.72")
    assert [(i.quantity, i.unit_price, i.warehouse) for i in states[-1].lines] == [
        (Decimal(3), Decimal("8.8"), "RENO"), (Decimal(1), Decimal("100.32"), "RENO"),
    ]  # fmt: skip
    assert len(sandbox_erp.orders(wanted.order_key)) == 1


def test_advancing_an_unknown_order_twice_makes_one(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    first, again = erp.advance_order(wanted, None), erp.advance_order(wanted, None)
    assert again.number == first.number
    assert len(sandbox_erp.orders(wanted.order_key)) == 1


def test_the_same_key_with_other_content_is_a_conflict(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    erp.advance_order(wanted, None)
    with pytest.raises(Conflict) as caught:
        erp.advance_order(draft(order_key=wanted.order_key, content_hash="hash-2"), None)
    assert caught.value.code == "erp.content_differs"
    assert len(sandbox_erp.orders(wanted.order_key)) == 1


def test_a_key_that_the_erp_holds_twice_is_seen_and_refused(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft()
    body = {"reference": wanted.order_key, "content_hash": "hash-1", "customer": "C4001", "ship_to": "C4001-01",
            "lines": [{"posex": "1", "matnr": "30-000001", "quantity": 1, "unit": "ST", "price": "1"}]}  # fmt: skip
    sandbox_erp.post("/orders", body)
    sandbox_erp.post("/orders", body)
    assert len(erp.find_order(wanted.order_key)) == 2
    with pytest.raises(Conflict) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.duplicate_order"


def test_short_stock_confirms_less_with_the_date_of_the_receipt(erp: SandboxErp) -> None:
    state = accepted(erp, draft(line(sku="PLB-30003", quantity=4, price="116")))
    assert state.stage == "accepted"
    assert state.lines[0].quantity == 0
    assert state.lines[0].confirmed_on is not None
    assert state.lines[0].confirmed_on > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer": "OLDTOWN", "ship_to": "OLDTOWN-01"}, "erp.customer_blocked"),
        ({"lines": (line(sku="SAF-50003"),)}, "erp.item_blocked"),
        ({"lines": (line(quantity=0),)}, "erp.quantity_invalid"),
    ],
)
def test_what_the_erp_refuses_is_rejected(erp: SandboxErp, changes: dict[str, object], code: str) -> None:
    wanted = draft(**changes)
    state = erp.advance_order(wanted, None)
    with pytest.raises(Rejected) as caught:
        erp.advance_order(wanted, state)
    assert caught.value.code == code
    assert erp.find_order(wanted.order_key)[0].raw_state == "DRAFT"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer": "NOBODY"}, "erp.unmapped_customer"),
        ({"ship_to": "HARBOR-09"}, "erp.unmapped_ship_to"),
        ({"lines": (line(unit="LB"),)}, "erp.unmapped_unit"),
        ({"lines": (line(sku="FST-99999"),)}, "erp.unmapped_item"),
    ],
)
def test_an_unmapped_code_sends_nothing(
    erp: SandboxErp, sandbox_erp: SandboxProcess, changes: dict[str, object], code: str
) -> None:
    wanted = draft(**changes)
    with pytest.raises(Misconfigured) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == code
    assert sandbox_erp.orders(wanted.order_key) == []


def test_shipments_and_invoices_come_as_canonical_objects(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft(line(quantity=24), line("2", "HTL-40001", 2, "EA", "17.60"))
    state = accepted(erp, wanted)
    sandbox_erp.ship(state.number)
    sandbox_erp.invoice(state.number)
    shipment = from_json(Shipment, latest(erp, "shipment", wanted.order_key)[0])
    invoice = from_json(Invoice, latest(erp, "invoice", wanted.order_key)[0])
    assert shipment.ship_from.code == "RENO"
    assert shipment.ship_to.code == "HARBOR-01"
    assert shipment.cartons == 3
    assert sum(i.quantity for i in shipment.lines if i.order_line_no == "1") == 24
    assert shipment.tracking_number
    assert (invoice.kind, invoice.total, invoice.shipment_number) == ("invoice", Decimal("246.4"), shipment.number)
    assert erp.find_order(wanted.order_key)[0].stage == "closed"
    assert erp.document("invoice_pdf", invoice.number).content.startswith(b"%PDF-1.4")


def test_a_short_shipment_closes_the_rest_of_the_line(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    wanted = draft(line(quantity=10))
    state = accepted(erp, wanted)
    sandbox_erp.short_ship(state.number, "1", 7)
    sandbox_erp.invoice(state.number)
    after = erp.find_order(wanted.order_key)[0]
    assert (after.stage, after.lines[0].quantity) == ("closed", Decimal(7))


def test_a_credit_request_becomes_a_credit_memo_with_our_key(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    order = accepted(erp, draft(line(quantity=5)))
    sandbox_erp.ship(order.number)
    number = sandbox_erp.invoice(order.number)["made"][0]
    asked = draft(line(quantity=2), kind="credit_request", invoice_number=number, reason="DAMAGED")
    assert accepted(erp, asked).raw_state == "AWAITING_APPROVAL"
    sandbox_erp.approve_credit(asked.order_key)
    memo = from_json(Invoice, latest(erp, "invoice", asked.order_key)[0])
    assert (memo.kind, memo.corrects, memo.total) == ("credit_memo", number, Decimal("17.6"))
    assert erp.find_order(asked.order_key)[0].stage == "closed"


def test_more_credit_than_the_invoice_is_rejected(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    order = accepted(erp, draft(line(quantity=1)))
    sandbox_erp.ship(order.number)
    number = sandbox_erp.invoice(order.number)["made"][0]
    asked = draft(line(quantity=2), kind="credit_request", invoice_number=number)
    with pytest.raises(Rejected) as caught:
        accepted(erp, asked)
    assert caught.value.code == "erp.credit_exceeds_invoice"


def test_cancelling_frees_the_stock_but_not_once_goods_have_left(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    def available() -> str:
        page = next(iter(erp.snapshot("stock", {"sku": "HTL-40001", "warehouse": "RENO"})))
        return str(page[0].payload["available"])

    before = available()
    wanted, shipped = draft(line(sku="HTL-40001", quantity=6)), draft(line(sku="HTL-40001", quantity=1))
    accepted(erp, wanted)
    assert available() == str(int(before) - 6)
    assert erp.request_cancel(wanted.order_key, "no longer needed").stage == "cancelled"
    assert available() == before
    state = accepted(erp, shipped)
    sandbox_erp.ship(state.number)
    assert erp.request_cancel(shipped.order_key, "too late").stage == "in_fulfilment"


def test_the_feed_gives_every_item_once_and_then_nothing(erp: SandboxErp) -> None:
    cursor, skus = None, []
    while True:
        page = erp.changes("item", cursor, 500)
        skus += [c.payload["sku"] for c in page.changes]
        cursor = page.next_cursor
        if not page.more:
            break
    assert len(skus) == len(set(skus)) == 2000
    assert page.changes[-1].payload["list_price"].replace(".", "").isdigit()
    assert erp.changes("item", cursor, 500).more is False


def test_a_price_change_reaches_the_feed_in_our_codes(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    cursor = None
    while (page := erp.changes("price", cursor, 1000)).more:
        cursor = page.next_cursor
    sandbox_erp.reprice("ELE-20002", "14.25", "C4001")
    changed = erp.changes("price", page.next_cursor, 500).changes[-1].payload
    assert (changed["sku"], changed["account"], changed["unit_price"]) == ("ELE-20002", "HARBOR", "14.25")
    assert erp.quote_price("HARBOR", [line(sku="ELE-20002", unit="CA", quantity=1)], dt.date(2099, 1, 1))[0].unit_price


def test_a_quote_is_per_the_lines_unit_and_follows_the_ladder(erp: SandboxErp) -> None:
    lines = [line("1", quantity=1), line("2", quantity=12), line("3", quantity=1, unit="CA")]
    quoted = erp.quote_price("HARBOR", lines, dt.datetime.now(dt.UTC).date())
    assert [q.unit_price for q in quoted] == [Decimal("8.80"), Decimal("8.36"), Decimal("100.32")]


def test_a_foreign_cursor_asks_for_a_snapshot(erp: SandboxErp) -> None:
    with pytest.raises(OutOfStep):
        erp.changes("stock", "e:nonsense", 10)


def test_a_wrong_token_is_auth_failed(sandbox_erp: SandboxProcess) -> None:
    with pytest.raises(AuthFailed):
        SandboxErp(url=sandbox_erp.url, token="wrong").find_order("NL-1")


def test_the_automatic_warehouse_ships_and_bills(erp: SandboxErp, sandbox_erp: SandboxProcess) -> None:
    sandbox_erp.configure(auto_ship_after=0.1, auto_invoice_after=0.1)
    state: OrderState = accepted(erp, wanted := draft())
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
    while state.stage != "closed" and dt.datetime.now(dt.UTC) < deadline:
        state = erp.find_order(wanted.order_key)[0]
    assert state.stage == "closed"


def test_it_leaves_on_the_day_it_is_wanted_or_sooner_where_that_is_asked(
    erp: SandboxErp, sandbox_erp: SandboxProcess
) -> None:
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    waits, early = (draft(customer_po=po, requested_on=later) for po in ("WAITS", "EARLY"))
    partly = draft(line("1"), replace(line("2"), requested_on=later), customer_po="PARTLY")
    for one in (waits, early, partly):
        accepted(erp, one)
    sandbox_erp.configure(auto_ship_after=0.1, early="EARLY,ANOTHER")
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
    left: dict[str, list[str]] = {}
    while not (left.get("EARLY") and left.get("PARTLY")) and dt.datetime.now(dt.UTC) < deadline:
        for one in (early, partly, waits):
            sent = [from_json(Shipment, told) for told in latest(erp, "shipment", one.order_key)]
            left[one.customer_po] = [line.order_line_no for shipment in sent for line in shipment.lines]
    assert left == {"EARLY": ["1"], "PARTLY": ["1"], "WAITS": []}
