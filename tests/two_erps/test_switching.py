"""Accounts, items and warehouses move to another ERP at a time; what was placed before stays where it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.systems.models import ErpAssignment
from distportal.systems.ownership import owners
from distportal.systems.registry import erp
from distportal.systems.spreading import connection_of
from exceptions.models import Case
from inventory.models import ErpFact, FeedCursor, Item, Price, Reservation, StockLevel
from inventory.process.sync import sync_feed
from inventory.queries.availability import availability_of
from orders.errors import NothingToCorrect, StaleVersion
from orders.models import ErpCommand, Invoice, Order
from orders.process.changes.requests import request_change
from orders.process.erp_feed import sync_erp
from orders.process.erp_split import split_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.changes.conftest import cancellation
from tests.two_erps.conftest import OTHER, SKU, Two

pytestmark = pytest.mark.django_db


def figures(sku: str) -> dict[str, tuple[str, Decimal]]:
    rows = StockLevel.objects.filter(item__sku=sku)
    return {code: (erp, available) for code, erp, available in rows.values_list("warehouse__code", "erp", "available")}


def test_what_the_second_erp_says_is_kept_and_counted_and_changes_nothing(two: Two) -> None:
    assert Item.objects.count() == 200
    assert set(StockLevel.objects.values_list("erp", flat=True)) == {"default"}
    assert set(Price.objects.values_list("erp", flat=True)) == {"default"}
    cursors = FeedCursor.objects.filter(connection="new")
    assert {row.kind: (row.changes_applied, row.shadowed > 0) for row in cursors} == dict.fromkeys(
        ("item", "stock", "price", "customer"), (0, True)
    )
    assert ErpFact.objects.filter(connection="new", kind="stock").count() == 600
    assert not ErpAssignment.objects.exists()
    told = dict(cursors.values_list("kind", "shadowed"))
    two.read("new")
    assert dict(cursors.values_list("kind", "shadowed")) == told, "what is told again is counted once"


def test_orders_of_a_moved_account_go_to_the_new_erp_and_those_before_stay(cast: Cast, two: Two) -> None:
    before = two.place((SKU, "10"))
    assert (before.status, before.erp) == ("confirmed", "default")
    assert two.move("account", "HARBOR").state == "done"
    after = two.place((SKU, "10"))
    assert (after.status, after.erp) == ("confirmed", "new")
    assert [len(erp.orders(f"NL-{after.number}")) for erp in (two.old, two.new)] == [0, 1]
    assert [len(erp.orders(f"NL-{before.number}")) for erp in (two.old, two.new)] == [1, 0]
    other = two.place((SKU, "10"), account="SUMMIT", ship_to="SUMMIT-01")
    assert other.erp == "default", "nobody moved this account"
    claim = owners(accounts=["HARBOR"]).of_account("HARBOR")
    assert claim.sentence("account HARBOR", {"new": "New ERP"}).startswith("account HARBOR is with New ERP since ")
    assert claim.sentence("account HARBOR").endswith(": wave 2 (Olga Operator)")
    assert owners(accounts=["HARBOR"], at=before.placed_at).of_account("HARBOR").connection == "default"


def test_an_order_of_the_old_erp_is_shipped_billed_and_changed_there_after_the_switch(cast: Cast, two: Two) -> None:
    shipped, cancelled = two.place((SKU, "10")), two.place((SKU, "5"))
    two.move("account", "HARBOR")
    two.old.ship(shipped.erp_number)
    two.old.invoice(shipped.erp_number)
    sync_erp()
    sync_erp(of="new")
    shipped.refresh_from_db()
    assert shipped.status == "shipped"
    assert [(row.erp, row.order_id) for row in Invoice.objects.all()] == [("default", shipped.pk)]
    request_change(order_id=cancelled.pk, change=cancellation(), source_key="two:cancel")
    work_until_idle()
    assert set(ErpCommand.objects.filter(order=cancelled).values_list("kind", "erp", "state")) == {
        ("order", "default", "confirmed"),
        ("cancel", "default", "confirmed"),
    }
    assert Order.objects.get(pk=cancelled.pk).status == "cancelled"


def test_a_reference_of_ours_in_the_wrong_erp_is_counted_and_not_applied(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"))
    fact = {"order_key": f"NL-{order.number}"}
    two.move("account", "HARBOR")
    elsewhere = two.place((SKU, "10"))
    two.new.ship(elsewhere.erp_number)
    ErpCommand.objects.filter(order=elsewhere).update(order_key="NL-0")
    ErpCommand.objects.filter(order=order).update(order_key=f"NL-{elsewhere.number}")
    sync_erp(of="new")
    order.refresh_from_db()
    assert order.status == "confirmed", "the other ERP's shipment is none of this order's"
    assert FeedCursor.objects.get(connection="new", kind="shipment").shadowed >= 1
    assert ErpFact.objects.filter(connection="new", kind="shipment").exclude(subject=fact["order_key"]).exists()


def test_no_one_can_give_an_order_to_another_erp_afterwards(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"))
    for rows in (Order.objects.filter(pk=order.pk), ErpCommand.objects.filter(order=order)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows.update(erp="new")


def test_stock_and_prices_of_a_moved_item_are_the_new_erps_and_the_old_one_overwrites_nothing(
    cast: Cast, two: Two
) -> None:
    was = figures(SKU)
    told = dict(
        ErpFact.objects.filter(connection="new", kind="stock", sku=SKU).values_list("warehouse", "payload__available")
    )
    assert {code: str(available) for code, (_, available) in was.items()} != told, (
        "the two differ, or this shows nothing"
    )
    two.move("item", SKU)
    assert figures(SKU) == {code: ("new", Decimal(value)) for code, value in told.items()}
    assert {erp for erp, _ in figures(OTHER).values()} == {"default"}
    assert set(Price.objects.filter(item__sku=SKU).values_list("erp", flat=True)) == {"new"}
    two.old.receive(two_matnr(two), "1000", 500)
    two.read("default")
    assert figures(SKU) == {code: ("new", Decimal(value)) for code, value in told.items()}


def two_matnr(two: Two) -> str:
    return str(ErpFact.objects.get(connection="new", kind="item", sku=SKU).erp_id)


def test_what_stays_owed_to_the_old_erps_orders_counts_against_the_new_figures(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"))
    two.read()
    line = order.lines.get()
    assert Reservation.objects.get(demand_ref=line.demand_ref).state == "seen", "the old ERP's figure has it"
    two.move("item", SKU)
    held = Reservation.objects.get(demand_ref=line.demand_ref)
    assert (held.state, held.quantity) == ("held", 10)
    free = availability_of(item_ids=[held.item_id])[held.item_id]
    told = {code: available for code, (_, available) in figures(SKU).items()}
    assert {p.code: p.available for p in free.by_warehouse}[held.warehouse.code] == told[held.warehouse.code] - 10
    two.read()
    assert Reservation.objects.get(pk=held.pk).state == "held", "no figure of the new ERP will ever include it"
    two.old.ship(order.erp_number)
    sync_erp()
    two.new.receive(two_matnr(two), "1000", 1)
    two.read("new")
    assert Reservation.objects.get(pk=held.pk).state in ("seen", "held")


def test_moving_back_is_another_switch_and_the_history_stays(cast: Cast, two: Two) -> None:
    from inventory.process.comparing import compare_erps

    compare_erps(right="new")
    was = figures(SKU)
    two.move("item", SKU)
    two.move("item", SKU, to="default")
    assert figures(SKU) == was
    rows = ErpAssignment.objects.order_by("from_at").values_list("kind", "key", "connection")
    assert list(rows) == [("item", SKU, "new"), ("item", SKU, "default")]
    with pytest.raises(ProgrammingError), transaction.atomic():
        ErpAssignment.objects.update(connection="new")
    with pytest.raises(ProgrammingError), transaction.atomic():
        ErpAssignment.objects.all().delete()
    first = ErpAssignment.objects.earliest("from_at")
    with pytest.raises(IntegrityError), transaction.atomic():
        ErpAssignment.objects.create(
            kind="item", key=SKU, connection="third", from_at=first.from_at, reason="x", decided_by="x"
        )


def test_a_moved_warehouse_takes_its_orders_along(cast: Cast, two: Two) -> None:
    code = StockLevel.objects.filter(item__sku=SKU).order_by("-available").values_list("warehouse__code", flat=True)[0]
    two.move("warehouse", code)
    assert {c for c, (erp, _) in figures(SKU).items() if erp == "new"} == {code}
    rest = sum(int(a) for c, (erp, a) in figures(SKU).items() if erp == "default")
    there = int(figures(SKU)[code][1])
    small = two.place((SKU, "1"))
    assert small.erp == "default", "the house's own ERP goes first"
    assert warehouse_of(small) != code
    if there > rest:
        big = two.place((SKU, str(there - 1)))
        assert (big.erp, warehouse_of(big)) == ("new", code)


def warehouse_of(order: Order) -> str:
    return str(order.lines.values_list("warehouse__code", flat=True).get())


def test_an_order_whose_lines_are_with_two_erps_is_held_and_says_why(cast: Cast, two: Two) -> None:
    two.move("item", SKU)
    Item.objects.filter(sku=OTHER).update(erp="third")
    order = two.place((SKU, "1"), (OTHER, "1"))
    assert (order.status, order.erp) == ("held", "")
    [case] = Case.objects.filter(subject_id=str(order.pk))
    assert "line 2 is with ERP third, the order goes to ERP new: item FST-10001 is with it" in case.sentence
    assert not ErpCommand.objects.filter(order=order).exists()
    assert two.old.orders(f"NL-{order.number}") == two.new.orders(f"NL-{order.number}") == []


def test_one_action_splits_it_into_an_order_for_each_erp_of_the_same_po(cast: Cast, two: Two) -> None:
    two.move("item", SKU)
    Item.objects.filter(sku=OTHER).update(erp="third")
    order = two.place((SKU, "1"), (OTHER, "1"))
    [case] = Case.objects.filter(subject_id=str(order.pk))
    Item.objects.filter(sku=OTHER).update(erp="new")
    with pytest.raises(NothingToCorrect):
        split_order(order_id=order.pk, version=order.version, reason="r", actor="Ann")
    Item.objects.filter(sku=OTHER).update(erp="third")
    client = signed_in(cast.agent)
    page = client.get(reverse("desk:case", args=[case.number])).content.decode()
    assert "Split by ERP" in page
    Item.objects.filter(sku=OTHER).update(erp="third")
    first, second = split_order(order_id=order.pk, version=order.version, reason="two ERPs", actor="Ann")
    assert first.pk == order.pk
    assert (first.po_number, second.po_number) == (order.po_number, order.po_number)
    assert first.correlation_id == second.correlation_id == order.correlation_id
    assert {first.po_part, second.po_part} == {"NEW", "THIRD"}
    told = [list(one.lines.values_list("line_no", "item__sku")) for one in (first, second)]
    assert told == [[("1", SKU)], [("2", OTHER)]]
    assert (first.status, first.erp) == ("accepted", "new")
    assert (second.status, second.erp) == ("accepted", "third")
    case.refresh_from_db()
    assert case.status == "resolved"
    assert first.versions.get(version=2).reason == "two ERPs"
    with pytest.raises(StaleVersion):
        split_order(order_id=order.pk, version=1, reason="r", actor="Ann")
    with pytest.raises(NothingToCorrect):
        split_order(order_id=order.pk, version=first.version, reason="r", actor="Ann")
    assert Order.objects.filter(po_number=order.po_number).count() == 2


def test_each_connection_is_read_by_a_job_of_its_own_and_one_that_is_away_holds_up_no_other(
    cast: Cast, two: Two
) -> None:
    assert connection_of("inventory.sync_stock", {"connection": "new"}) == "new"
    assert connection_of("inventory.sync_stock", {}) == "default"
    [job] = Job.objects.filter(kind="inventory.sync_stock")
    assert (job.key, job.payload) == ("new", {"connection": "new"})
    two.new.stop()
    try:
        with pytest.raises(RetryLater):
            sync_feed(kind="stock", of="new")
        two.old.receive(two_matnr(two), "1000", 1)
        assert sync_feed(kind="stock") == 1
    finally:
        two.new.start()
    failing = FeedCursor.objects.exclude(failing_since=None).values_list("connection", "kind")
    assert list(failing) == [("new", "stock")]


def test_an_invoice_number_that_the_other_erp_used_is_a_case_and_no_invoice(cast: Cast, two: Two) -> None:
    order = two.place((SKU, "10"))
    two.move("account", "HARBOR")
    other = two.place((SKU, "10"))
    for process, placed in ((two.old, order), (two.new, other)):
        process.ship(placed.erp_number)
        process.invoice(placed.erp_number)
    sync_erp()
    first = Invoice.objects.get()
    Invoice.objects.filter(pk=first.pk).update(number=number_in_new(other))
    sync_erp(of="new")
    assert Invoice.objects.count() == 1
    [case] = Case.objects.filter(code="invoice_number_taken")
    assert (str(case.queue), f"for NL-{other.number}; ERP default had used" in case.sentence) == ("Disputes", True)
    assert case.data["canonical"]["order_key"] == f"NL-{other.number}", "nothing of it is lost"


def number_in_new(order: Order) -> str:
    page = erp("new").changes("invoice", None, 500)
    return str(next(c.payload["number"] for c in page.changes if c.payload["order_key"] == f"NL-{order.number}"))


def test_stock_that_the_new_erp_does_not_have_is_nothing_until_it_tells(cast: Cast, two: Two) -> None:
    code = StockLevel.objects.filter(item__sku=SKU, available__gt=0).values_list("warehouse__code", flat=True)[0]
    StockLevel.objects.filter(item__sku=SKU).update(as_of=database_now() + dt.timedelta(minutes=5))
    fact = ErpFact.objects.get(connection="new", kind="stock", sku=SKU, warehouse=code)
    ErpFact.objects.filter(pk=fact.pk).delete()
    two.move("item", SKU)
    assert figures(SKU)[code] == ("new", 0)
    plant = fact.erp_id.partition("/")[2]
    two.new.receive(two_matnr(two), plant, 9)
    two.read("new")
    told = ErpFact.objects.get(connection="new", kind="stock", sku=SKU, warehouse=code).payload["available"]
    assert figures(SKU)[code] == ("new", Decimal(told)), "the other ERP's clock was ahead, and does not matter"
