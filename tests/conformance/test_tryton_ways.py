"""What only a real Tryton teaches: queued work lost in a crash, taxes that it is told, units, price lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.systems.errors import Misconfigured, OutOfStep, Rejected
from tests.conformance.conftest import only, settled
from tests.conformance.test_feeds import of, read
from tests.conformance.test_master import snapshot
from tests.conformance.worlds.base import World
from tests.conformance.worlds.tryton import TrytonWorld

pytestmark = only("tryton")


def today() -> dt.date:
    """As the Tryton of the tests counts it, which is started without a time zone."""
    return dt.datetime.now(dt.UTC).date()


@pytest.fixture
def tryton(world: World) -> TrytonWorld:
    """The world as what it is."""
    assert isinstance(world, TrytonWorld)
    return world


def test_confirmed_but_never_processed_is_unfinished_and_is_repaired(
    tryton: TrytonWorld, evidence: Callable[[str], None]
) -> None:
    erp, wanted = tryton.erp(), tryton.draft()
    quoted = erp.advance_order(wanted, erp.advance_order(wanted, None))
    assert quoted.raw_state == "quotation"
    tryton.process.kill()
    tryton.process.sql(
        "UPDATE sale_sale SET state = 'confirmed', sale_date = ? WHERE id = ?", str(today()), quoted.erp_id
    )
    tryton.process.start()
    [found] = erp.find_order(wanted.order_key)
    assert (found.stage, found.raw_state) == ("draft", "confirmed")
    assert settled(erp, wanted, found).raw_state.startswith("processing")
    assert len(tryton.held(wanted.order_key)) == 1
    evidence("a sale that a crash left confirmed was processed by the next step")


def test_without_amendments_a_confirmed_sale_can_be_cancelled_and_one_in_process_neither_that_nor_changed(
    tryton: TrytonWorld,
) -> None:
    erp, wanted, other = tryton.erp(amendments=False), tryton.draft(), tryton.draft()
    quoted = erp.advance_order(wanted, erp.advance_order(wanted, None))
    tryton.process.stop()
    tryton.process.sql(
        "UPDATE sale_sale SET state = 'confirmed', sale_date = ? WHERE id = ?", str(today()), quoted.erp_id
    )
    tryton.process.start()
    assert erp.request_cancel(wanted.order_key, "no longer needed").stage == "cancelled"
    settled(erp, other)
    assert erp.request_cancel(other.order_key, "no longer needed").stage == "accepted"
    with pytest.raises(Rejected) as caught:
        erp.request_change(tryton.draft(tryton.line(quantity=1), order_key=other.order_key), other.content_hash)
    assert caught.value.code == "erp.change_not_offered"
    [state] = erp.find_order(other.order_key)
    assert ([line.quantity for line in state.lines], state.content_hash) == ([Decimal(2)], other.content_hash)
    assert len(tryton.held(other.order_key)) == 1


def test_an_amendment_that_a_crash_left_without_its_goods_is_brought_to_its_end(
    tryton: TrytonWorld, evidence: Callable[[str], None]
) -> None:
    erp, wanted = tryton.erp(), tryton.draft(tryton.line(quantity=5))
    state = settled(erp, wanted)
    less = tryton.draft(tryton.line(quantity=2), order_key=wanted.order_key)
    erp.request_change(less, wanted.content_hash)
    moves = tryton.staff.find("stock.move", ["origin.sale.id", "=", int(state.erp_id), "sale.line"])
    assert moves
    tryton.process.stop()
    # As if Tryton had died after the amendment was validated and before its goods were planned anew.
    marks = ",".join("?" for _ in moves)
    tryton.process.sql(f"DELETE FROM stock_move WHERE id IN ({marks})", *moves)  # noqa: S608
    tryton.process.start()
    [found] = erp.find_order(wanted.order_key)
    assert found.content_hash == wanted.content_hash, "nothing would be delivered, so it is not done"
    assert erp.request_change(less, wanted.content_hash).content_hash == less.content_hash
    again = tryton.staff.find("stock.move", ["origin.sale.id", "=", int(state.erp_id), "sale.line"])
    assert [row["quantity"] for row in tryton.staff.read("stock.move", again, "quantity")] == [2.0]
    evidence("an amendment without its goods was processed again by the same request, once")


def test_what_an_amendment_cannot_do_is_refused_and_nothing_is_left(tryton: TrytonWorld) -> None:
    erp, wanted = tryton.erp(), tryton.draft(tryton.line(quantity=5))
    state = settled(erp, wanted)
    later = tryton.line(quantity=5)
    for draft, code in (
        (tryton.draft(tryton.line(sku=tryton.other_sku), order_key=wanted.order_key), "erp.item_not_changed"),
        (tryton.draft(tryton.line(warehouse="DAYTON"), order_key=wanted.order_key), "erp.warehouse_not_changed"),
        (tryton.draft(later, order_key=wanted.order_key, requested_on=today() + dt.timedelta(days=9)),
         "erp.date_not_changed"),
    ):  # fmt: skip
        with pytest.raises(Rejected) as caught:
            erp.request_change(draft, wanted.content_hash)
        assert caught.value.code == code
    assert erp.find_order(wanted.order_key)[0].content_hash == wanted.content_hash
    assert tryton.staff.find("sale.amendment", ["sale", "=", int(state.erp_id)]) == []


def test_what_is_being_picked_is_left_alone_until_it_has_left(tryton: TrytonWorld) -> None:
    erp, wanted = tryton.erp(), tryton.draft(tryton.line(quantity=4))
    state = settled(erp, wanted)
    shipments = tryton.sale(state)["shipments"]
    more = tryton.draft(tryton.line(quantity=6), order_key=wanted.order_key)
    for button in ("assign_try", "pick", "pack"):
        tryton.staff.press("stock.shipment.out", button, shipments)
        with pytest.raises(Rejected) as caught:
            erp.request_change(more, wanted.content_hash)
        assert caught.value.code == "erp.being_picked"
    assert erp.request_cancel(wanted.order_key, "too late").stage == "accepted"
    tryton.staff.press("stock.shipment.out", "do", shipments)
    assert erp.request_change(more, wanted.content_hash).lines[0].quantity == 6
    moves = tryton.staff.find("stock.move", ["origin.sale.id", "=", int(state.erp_id), "sale.line"])
    assert sorted(row["quantity"] for row in tryton.staff.read("stock.move", moves, "quantity")) == [2.0, 4.0]


def test_a_sale_that_is_not_in_process_is_written_anew(tryton: TrytonWorld) -> None:
    erp, wanted = tryton.erp(), tryton.draft(tryton.line(quantity=4), tryton.other_line())
    quoted = erp.advance_order(wanted, erp.advance_order(wanted, None))
    assert quoted.raw_state == "quotation"
    new = tryton.draft(tryton.line(quantity=3), tryton.line("3", quantity=1), order_key=wanted.order_key)
    state = erp.request_change(new, wanted.content_hash)
    assert (state.raw_state, state.content_hash) == ("draft", new.content_hash)
    assert [(line.line_key, line.quantity) for line in settled(erp, new, state).lines] == [("1", 3), ("3", 1)]
    assert len(tryton.held(wanted.order_key)) == 1


def test_taxes_are_those_of_the_item_changed_by_the_customers_rule(tryton: TrytonWorld) -> None:
    erp, taxes = tryton.erp(), {}
    for account in ("HARBOR", "SUMMIT"):
        wanted = tryton.draft(tryton.line(price="10.00"), customer=account, ship_to=f"{account}-01")
        state = settled(erp, wanted)
        assert state.total == Decimal("20.00"), "the total is compared without tax"
        tryton.ship(state, {"1": 2})
        tryton.bill(state)
        [invoice] = [from_json(Invoice, i) for i in of(read(erp, "invoice")[0], wanted.order_key)]
        taxes[account] = (invoice.tax, invoice.total)
        assert (invoice.due_on - invoice.issued_on).days == 30
        assert invoice.shipment_number
    assert taxes == {"HARBOR": (Decimal("1.32"), Decimal("21.32")), "SUMMIT": (Decimal(0), Decimal("20.00"))}


def test_a_sales_unit_is_priced_ordered_and_shipped_in_our_code(tryton: TrytonWorld) -> None:
    erp = tryton.erp()
    [item] = snapshot(erp, "item", sku="HTL-40001")
    assert (item["base_unit"], item["pack_unit"], item["pack_size"]) == ("EA", "CA", "12")
    case = tryton.line(sku="HTL-40001", quantity=1, unit="CA")
    [quoted] = erp.quote_price("HARBOR", [case], today())
    assert quoted.unit_price == Decimal("237.60")
    wanted = tryton.draft(quoted)
    state = settled(erp, wanted)
    tryton.ship(state, {"1": 1})
    [shipment] = of(read(erp, "shipment")[0], wanted.order_key)
    assert [(line["quantity"], line["unit"]) for line in shipment["lines"]] == [("1", "CA")]  # type: ignore[attr-defined]


def test_a_changed_price_list_asks_for_a_snapshot(tryton: TrytonWorld) -> None:
    erp, staff = tryton.erp(), tryton.process.staff("admin", "admin-of-the-test-erp")
    _, cursor = read(erp, "price")
    assert erp.changes("price", cursor, 500).more is False
    lines = staff.find("product.price_list.line", ["formula", "=", "unit_price * 0.90"])
    staff.write("product.price_list.line", lines, formula="unit_price * 0.91")
    try:
        with pytest.raises(OutOfStep) as caught:
            erp.changes("price", cursor, 500)
        assert caught.value.code == "erp.price_list_changed"
        [rung] = [r for r in snapshot(erp, "price", account="HARBOR", sku="SAF-50001") if r["min_quantity"] == "1"]
        assert rung["unit_price"] == "4.7775"
        _, fresh = read(erp, "price")
        assert erp.changes("price", fresh, 500).more is False
    finally:
        staff.write("product.price_list.line", lines, formula="unit_price * 0.90")


def test_two_warehouses_in_one_order_are_refused_before_anything_is_written(tryton: TrytonWorld) -> None:
    wanted = tryton.draft(tryton.line(), tryton.line("2", warehouse="DAYTON"))
    with pytest.raises(Rejected) as caught:
        tryton.erp().advance_order(wanted, None)
    assert caught.value.code == "erp.one_warehouse_only"
    assert tryton.held(wanted.order_key) == []


def test_what_tryton_itself_refuses_comes_with_its_words(tryton: TrytonWorld) -> None:
    wanted = tryton.draft(tryton.line(price="8.123456789"))
    with pytest.raises(Rejected) as caught:
        settled(tryton.erp(), wanted)
    assert caught.value.code == "erp.refused"
    assert "Unit Price" in caught.value.message
    assert tryton.held(wanted.order_key) == []


def test_a_date_to_come_is_kept_and_one_gone_by_means_now(tryton: TrytonWorld) -> None:
    erp, later = tryton.erp(), today() + dt.timedelta(days=9)

    def available() -> Decimal:
        [row] = snapshot(erp, "stock", sku=tryton.sku, warehouse="RENO")
        return Decimal(row["available"])

    before = available()
    assert settled(erp, tryton.draft(requested_on=later)).lines[0].confirmed_on == later
    assert available() == before - 2, "what leaves on a later day is promised today"
    past = settled(erp, tryton.draft(requested_on=today() - dt.timedelta(days=9)))
    assert past.lines[0].confirmed_on == today()


def test_a_mark_that_staff_removed_is_not_taken_for_ours(tryton: TrytonWorld) -> None:
    erp, wanted = tryton.erp(), tryton.draft()
    made = erp.advance_order(wanted, None)
    tryton.staff.write("sale.sale", [int(made.erp_id)], comment="typed over")
    with pytest.raises(Rejected) as caught:
        erp.advance_order(wanted, erp.find_order(wanted.order_key)[0])
    assert caught.value.code == "erp.content_differs"


def test_a_wrong_database_or_company_is_told_as_such(tryton: TrytonWorld) -> None:
    with pytest.raises(Misconfigured) as caught:
        tryton.erp(database="nowhere").find_order("NL-1")
    assert caught.value.code == "erp.not_found"
    with pytest.raises(Misconfigured) as caught:
        tryton.erp(company="Somebody Else").find_order("NL-1")
    assert caught.value.code == "erp.unmapped_company"
    with pytest.raises(Misconfigured) as caught:
        list(tryton.erp(warehouses={"RENO": "WH-X"}).snapshot("stock", {}))
    assert caught.value.code == "erp.unmapped_warehouse"


def test_a_sale_committed_late_under_an_old_stamp_is_not_lost(tryton: TrytonWorld) -> None:
    erp, late = tryton.erp(), tryton.draft()
    made = erp.advance_order(late, None)
    settled(erp, tryton.draft())
    _, cursor = read(erp, "order")
    tryton.process.stop()
    # As if its transaction had begun a minute before the newest change and ended only now.
    old = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    tryton.process.sql("UPDATE sale_sale SET create_date = ?, write_date = NULL WHERE id = ?", old, made.erp_id)
    tryton.process.start()
    assert late.order_key in {c.payload["order_key"] for c in read(erp, "order", cursor)[0]}
    without = tryton.erp(feed_overlap_seconds=0.0)
    assert late.order_key not in {c.payload["order_key"] for c in read(without, "order", cursor)[0]}


def test_sales_of_others_are_passed_over(tryton: TrytonWorld) -> None:
    erp = tryton.erp()
    foreign = tryton.draft(order_key=f"THEIRS-{tryton.draft().order_key}")
    state = settled(erp, foreign)
    tryton.ship(state, {"1": 2})
    tryton.bill(state)
    for kind in ("order", "shipment", "invoice"):
        assert of(read(erp, kind)[0], foreign.order_key) == []
