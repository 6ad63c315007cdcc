"""The nightly comparison with the ERP: what differs is counted and has one case, what is missed is taken in."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from inventory.models import FeedCursor, Reconciliation, StockLevel
from inventory.process.stock_reconciling import reconcile_stock
from orders.models import ErpCommand, Invoice, Order, Shipment
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.reconciling import documents
from orders.process.reconciling.documents import reconcile_invoices, reconcile_shipments
from orders.process.reconciling.orders import reconcile_orders
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(synced: SandboxProcess) -> Order:
    """An order that the ERP confirmed and that was never compared."""
    placed = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}"
    )
    work_until_idle()
    placed.order.refresh_from_db()
    assert placed.order.status == "confirmed"
    return placed.order


def cases_about(order: Order) -> list[tuple[str, str, int]]:
    """(code, status, occurrences) of the drift cases of an order's command."""
    command = ErpCommand.objects.get(order=order)
    rows = Case.objects.filter(kind="erp.drift", subject_id=str(command.pk)).order_by("number")
    return list(rows.values_list("code", "status", "occurrences"))


def drift(kind: str) -> list[tuple[str, str]]:
    return list(
        Case.objects.filter(kind="erp.drift", subject_type=kind).order_by("number").values_list("code", "status")
    )


def compare_anew() -> None:
    """The next comparison begins with all that the ERP tells."""
    Reconciliation.objects.all().delete()


def newest(kind: str) -> Reconciliation:
    return Reconciliation.objects.filter(kind=kind).order_by("-pk")[0]


def test_an_order_that_both_hold_alike_is_compared_and_nothing_is_told(order: Order) -> None:
    reconcile_orders()
    assert cases_about(order) == []
    run = newest("order")
    assert run.state == "done"
    assert run.checked >= 1
    assert run.finished_at is not None


def test_an_order_that_ended_in_the_erp_alone_has_one_case_however_often_it_is_seen(
    order: Order, synced: SandboxProcess
) -> None:
    [theirs] = synced.orders(f"NL-{order.number}")
    synced.post(f"/orders/{theirs['id']}/cancel", {"reason": "sold elsewhere"})
    reconcile_orders()
    reconcile_orders()
    assert [row[:2] for row in cases_about(order)] == [("order_cancelled", "new")]
    assert newest("order").differences["order_cancelled"] >= 1
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    reconcile_orders()
    assert [row[:2] for row in cases_about(order)] == [("order_cancelled", "resolved")]


def test_an_order_that_somebody_keyed_in_once_more_is_an_alarm(order: Order, synced: SandboxProcess) -> None:
    [theirs] = synced.orders(f"NL-{order.number}")
    sent = [row for row in synced.ledger(f"NL-{order.number}") if row["method"] == "POST"]
    assert len(sent) >= 1
    twin = {name: theirs[name] for name in ("type", "reference", "customer", "currency", "content_hash")}
    lines = [{**line, "price": str(line["price"]), "quantity": str(line["quantity"])} for line in theirs["lines"]]
    synced.post("/orders", {**twin, "ship_to": theirs["ship_to"], "purchase_order": "", "lines": lines})
    reconcile_orders()
    assert [row[:2] for row in cases_about(order)] == [("order_twice", "new")]


def test_a_price_that_was_changed_in_the_erp_is_told(order: Order) -> None:
    command = ErpCommand.objects.get(order=order)
    command.draft["lines"][0]["unit_price"] = "9.99"
    ErpCommand.objects.filter(pk=command.pk).update(draft=command.draft)
    reconcile_orders()
    assert [row[0] for row in cases_about(order)] == ["order_differs"]
    sentence = Case.objects.get(kind="erp.drift", subject_id=str(command.pk)).sentence
    assert "agreed were $9.99, the ERP holds $0.48" in sentence


def test_a_shipment_and_an_invoice_that_the_feed_missed_are_taken_in_once(
    order: Order, synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    reconcile_shipments()  # too young: the everyday feed is on its way
    assert not Shipment.objects.filter(order=order).exists()
    monkeypatch.setattr(documents, "JUST_NOW", dt.timedelta(days=-1))
    compare_anew()
    reconcile_shipments()
    reconcile_invoices()
    order.refresh_from_db()
    assert (order.status, order.shipments.count(), order.invoices.count()) == ("shipped", 1, 1)
    assert ("shipment_missed", "new") in drift("shipment")
    sync_erp()
    reconcile_shipments()
    assert (order.shipments.count(), order.invoices.count()) == (1, 1)
    assert Shipment.objects.filter(order=order).count() == 1


def test_another_total_than_the_erps_is_told_and_ends_when_it_is_right_again(
    order: Order, synced: SandboxProcess
) -> None:
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    invoice = Invoice.objects.get(order=order)
    Invoice.objects.filter(pk=invoice.pk).update(total=Decimal("99.00"))
    reconcile_invoices()
    about = Case.objects.filter(subject_type="invoice", subject_id=invoice.erp_id)
    assert about.get().sentence == f"Invoice {invoice.number}: $99.00 recorded here, $4.80 in the ERP"
    Invoice.objects.filter(pk=invoice.pk).update(total=invoice.total)
    compare_anew()
    reconcile_invoices()
    assert about.get().status == "resolved"


def test_a_stock_figure_that_drifted_is_put_right_and_told(synced: SandboxProcess) -> None:
    row = StockLevel.objects.select_related("item", "warehouse").order_by("pk")[0]
    StockLevel.objects.filter(pk=row.pk).update(available=row.available + 7)
    newer = StockLevel.objects.order_by("pk")[1]
    later = newer.as_of + dt.timedelta(hours=1)
    StockLevel.objects.filter(pk=newer.pk).update(available=newer.available + 9, as_of=later)
    reconcile_stock()
    assert StockLevel.objects.get(pk=row.pk).available == row.available
    assert StockLevel.objects.get(pk=newer.pk).available == newer.available + 9  # ours is newer than the snapshot
    run = newest("stock")
    assert (run.checked, run.differing, run.differences) == (600, 1, {"stock_differs": 1})
    about = Case.objects.get(kind="erp.drift", subject_type="stock")
    assert about.subject_id == f"{row.item.sku}@{row.warehouse.code}"
    reconcile_stock()
    about.refresh_from_db()
    assert about.status == "resolved"


def test_stock_that_the_erp_holds_no_more_promises_nothing(synced: SandboxProcess) -> None:
    row = StockLevel.objects.select_related("item").order_by("pk")[0]
    gone = row.item.__class__.objects.create(
        sku="GONE-1", erp_code="GONE", code_norm="GONE1", name="Gone", family="x", list_price=1, as_of=row.as_of
    )
    old = row.as_of - dt.timedelta(days=400)
    level = StockLevel.objects.create(item=gone, warehouse=row.warehouse, on_hand=5, available=5, as_of=old)
    reconcile_stock()
    level.refresh_from_db()
    assert (level.available, level.on_hand) == (0, 0)
    assert drift("stock") == [("stock_gone", "new")]


def test_an_erp_that_stops_answering_leaves_the_numbers_and_the_place_to_go_on(
    order: Order, synced: SandboxProcess
) -> None:
    reconcile_orders()
    place = newest("order").cursor
    synced.faults({"kind": "503", "count": 50, "match": {"path_regex": "/changes"}})
    with pytest.raises(RetryLater):
        reconcile_orders()
    run = newest("order")
    assert (run.state, run.cursor) == ("failed", place)
    assert run.error != ""
    synced.faults()
    reconcile_orders()
    assert newest("order").state == "done"


def test_the_comparison_leaves_the_cursor_of_the_everyday_feed_alone(order: Order) -> None:
    def cursors() -> list[Any]:
        return list(FeedCursor.objects.order_by("kind").values_list("kind", "cursor"))

    before = cursors()
    for run in (reconcile_orders, reconcile_shipments, reconcile_invoices, reconcile_stock):
        run()
    assert cursors() == before
