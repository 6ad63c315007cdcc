"""One order from intake to booked credit, over a real ERP process and a real database."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item, Price, Reservation, StockLevel
from inventory.queries.availability import availability_of
from orders.choices import DisputeReason, RootCause
from orders.models import Dispute, ErpCommand, Invoice, Order
from orders.process.corrections import correct_order, preview_correction
from orders.process.dispute_deciding import approve_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def erp_orders_of(erp: SandboxProcess, order: Order) -> list[dict[str, object]]:
    return erp.orders(f"NL-{order.number}")


def unique_po() -> str:
    return f"PO-{uuid.uuid4().hex[:8]}"


def test_master_data_is_read_once_and_again_changes_nothing(synced: SandboxProcess) -> None:
    from inventory.process.sync import sync_feed

    assert Item.objects.count() == 200
    assert StockLevel.objects.count() == 600
    assert sync_feed(kind="item") == 0


def test_prices_and_stock_that_come_before_their_items_are_not_lost(cast: Cast, portal_erp: SandboxProcess) -> None:
    from inventory.process.sync import sync_feed

    sync_feed(kind="price")
    sync_feed(kind="stock")
    assert Item.objects.count() == 200
    assert StockLevel.objects.count() == 600
    assert Price.objects.filter(account=cast.harbor).exists()


def test_a_line_in_several_cartons_is_shipped_whole(synced: SandboxProcess) -> None:
    order = place_order(
        order=asked(("FST-10001", "100", "EA", None), po=unique_po()), source_key=f"t:{uuid.uuid4()}"
    ).order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    assert [part.quantity for part in order.shipments.get().lines.all()] == [50, 50]
    assert (order.status, order.lines.get().shipped_quantity) == ("shipped", 100)


def test_an_order_goes_to_the_erp_once_and_comes_back_shipped_billed_and_credited(
    cast: Cast, synced: SandboxProcess
) -> None:
    placed = place_order(order=asked(("FST-10001", "10", "EA", None), po=unique_po()), source_key=f"t:{uuid.uuid4()}")
    order = placed.order
    assert (placed.outcome, order.status) == ("placed", "accepted")
    assert order.total == Decimal("4.80")
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "confirmed"
    [erp_order] = erp_orders_of(synced, order)
    assert order.erp_number in (erp_order.get("number"), erp_order.get("vbeln"), erp_order.get("order"))
    assert ErpCommand.objects.get(order=order).attempts >= 1

    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    assert order.status == "shipped"
    invoice = Invoice.objects.get(order=order)
    assert invoice.total == Decimal("4.80")
    sync_erp()
    assert Invoice.objects.filter(order=order).count() == 1

    line = invoice.lines.get()
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE,
        claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("1.00"))],
        note="too dear", user=cast.buyer,
    )  # fmt: skip
    dispute = approve_dispute(
        dispute_id=dispute.pk,
        amount=Decimal("1.00"),
        root_cause=RootCause.PRICING_DATA,
        reason="agreed",
        user=cast.finance,
    )
    assert dispute.status == "waiting_approval", "nobody has a limit yet, so a second person must agree"
    approve_dispute(
        dispute_id=dispute.pk,
        amount=Decimal("1.00"),
        root_cause=RootCause.PRICING_DATA,
        reason="agreed too",
        user=cast.finance2,
    )
    work_until_idle()
    command = ErpCommand.objects.get(dispute=dispute)
    assert command.state == "confirmed"
    assert Dispute.objects.get(pk=dispute.pk).status == "approved", "approved is not booked"
    synced.approve_credit(command.order_key)
    sync_erp()
    dispute.refresh_from_db()
    assert dispute.status == "closed", "the credit memo was what was approved, and it is applied"
    assert dispute.credit_memo is not None
    assert dispute.credit_memo.total == Decimal("1.00")
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_the_same_content_gives_the_same_findings_by_every_channel(synced: SandboxProcess) -> None:
    found = {}
    for channel in ("edi", "portal", "crm"):
        order = place_order(
            order=asked(
                ("FST-10001", "10", "EA", "9.99"), ("NO-SUCH", "1", "EA", None), po=unique_po(), channel=channel
            ),  # type: ignore[arg-type]
            source_key=f"t:{uuid.uuid4()}",
        ).order
        found[channel] = list(order.findings.values_list("code", "action", "message"))
    assert found["edi"] == found["portal"] == found["crm"]
    assert [f[0] for f in found["edi"]] == ["item_unknown", "price_differs"]


def test_a_held_order_is_corrected_dry_run_and_goes_on(cast: Cast, synced: SandboxProcess) -> None:
    order = place_order(
        order=asked(("NO-SUCH", "5", "EA", None), po=unique_po(), channel="edi"), source_key=f"t:{uuid.uuid4()}"
    ).order
    assert order.status == "held"
    case = Case.objects.get(subject_id=str(order.pk))
    work_until_idle()
    assert erp_orders_of(synced, order) == []

    preview, diff = preview_correction(order_id=order.pk, changes={"line.1.sku": "FST-10001"})
    assert preview.status == "accepted"
    assert [(c.field, c.old, c.new) for c in diff] == [("line.1.sku", "NO-SUCH", "FST-10001")]
    order.refresh_from_db()
    assert (order.status, order.version) == ("held", 1), "a dry run changes nothing"

    correct_order(order_id=order.pk, version=1, changes={"line.1.sku": "FST-10001"}, reason="typo", actor="agent")
    work_until_idle()
    order.refresh_from_db()
    case.refresh_from_db()
    assert (order.status, order.version, case.status) == ("confirmed", 2, "resolved")
    assert len(erp_orders_of(synced, order)) == 1


def test_the_same_po_again_is_the_same_order_and_other_content_is_one_case(synced: SandboxProcess) -> None:
    po = unique_po()
    first = place_order(order=asked(("FST-10001", "10", "EA", None), po=po), source_key=f"a:{po}")
    again = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=po.lower(), channel="edi"), source_key=f"b:{po}"
    )
    other = place_order(order=asked(("FST-10001", "11", "EA", None), po=po, channel="crm"), source_key=f"c:{po}")
    twice = place_order(order=asked(("FST-10001", "11", "EA", None), po=po, channel="crm"), source_key=f"c:{po}")
    assert (again.order, again.outcome) == (first.order, "repeated")
    assert (other.order, other.outcome) == (first.order, "conflict")
    assert (twice.order, twice.outcome) == (first.order, "conflict")
    assert Order.objects.filter(po_norm=first.order.po_norm).count() == 1
    assert Case.objects.filter(kind="order.duplicate_po", subject_id=str(first.order.pk)).count() == 1


def test_a_reservation_counts_until_the_erp_figure_includes_it(synced: SandboxProcess) -> None:
    from inventory.process.sync import sync_feed

    item = Item.objects.get(sku="ELE-20002")
    before = availability_of(item_ids=[item.pk])[item.pk].total
    order = place_order(
        order=asked(("ELE-20002", "10", "EA", None), po=unique_po()), source_key=f"t:{uuid.uuid4()}"
    ).order
    assert availability_of(item_ids=[item.pk])[item.pk].total == before - 10
    work_until_idle()
    sync_feed(kind="stock")
    assert Reservation.objects.get(demand_ref=f"order:{order.pk}:1").state == "seen"
    assert availability_of(item_ids=[item.pk])[item.pk].total == before - 10, "never counted twice, never dropped"


def test_a_lost_reply_makes_no_second_erp_order(synced: SandboxProcess) -> None:
    import time

    synced.faults({"match": {"method": "POST", "path_regex": "/orders$"}, "count": 1, "kind": "commit_then_drop"})
    order = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=unique_po()), source_key=f"t:{uuid.uuid4()}"
    ).order
    for _ in range(12):
        work_until_idle()
        order.refresh_from_db()
        if order.status == "confirmed":
            break
        time.sleep(0.5)
    assert order.status == "confirmed"
    assert len(erp_orders_of(synced, order)) == 1
    posts = [
        r for r in synced.ledger(f"NL-{order.number}") if r["method"] == "POST" and str(r["path"]).endswith("/orders")
    ]
    assert len(posts) == 1
