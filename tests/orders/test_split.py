"""One order line from several warehouses: one line here, one ERP line a part, and every part is closed for itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.canonical.orders import OrderChange, OrderLineChange
from distportal.canonical.parts import Address
from distportal.events.sweeper import work_until_idle
from distportal.systems.erp.sandbox_rest import SandboxErp
from exceptions.models import Case
from inventory.models import Reservation, StockLevel
from inventory.process.sync import sync_feed
from inventory.queries.items import item_with_sku
from inventory.queries.promises import promise_logs
from orders.choices import FindingAction
from orders.models import Invoice, Order, OrderLine, RulePolicy
from orders.process.changes import request_change
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.reconciling.orders import reconcile_orders
from orders.process.warehouse_orders import wanted_of
from orders.queries.line_parts import parts_of
from orders.queries.warehouses import shipping_places
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SKU = "FST-10005"


@pytest.fixture
def stocked(synced: SandboxProcess, cast: Cast) -> SandboxProcess:
    """RENO has 2,400, DAYTON 1,920 and NEWARK 960; there is credit for all of it."""
    cast.harbor.credit_limit = Decimal(10_000_000)
    cast.harbor.save()
    free = StockLevel.objects.filter(item__sku=SKU).order_by("-available").values_list("warehouse__code", "available")
    assert list(free) == [("RENO", 2400), ("DAYTON", 1920), ("NEWARK", 960)]
    return synced


def agree(**figures: str) -> None:
    RulePolicy.objects.create(account=None, code="split", action=FindingAction.ACCEPT, data=figures)


def place(*lines: tuple[str, str, str]) -> Order:
    order = asked(*((*line, None) for line in lines), po=f"PO-{uuid.uuid4().hex[:8]}")
    placed = place_order(order=order, source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    placed.refresh_from_db()
    return placed


def erp_lines(erp: SandboxProcess, order: Order) -> list[tuple[str, int, str]]:
    [held] = erp.orders(f"NL-{order.number}")
    return [(line["posex"], line["quantity"], line["plant"]) for line in held["lines"] if line["quantity"]]


def told(line: OrderLine) -> list[tuple[str, str, int, int, int]]:
    return [
        (part.key, part.warehouse, int(part.quantity), int(part.confirmed), int(part.shipped))
        for part in parts_of(line)
    ]


def test_without_a_policy_one_warehouse_sends_and_the_rest_waits(stocked: SandboxProcess) -> None:
    order = place((SKU, "4000", "EA"))
    assert erp_lines(stocked, order) == [("1", 4000, "1000")]
    line = order.lines.get()
    assert (line.status, line.parts, line.reserved_quantity) == ("backordered", [], 2400)


def test_two_warehouses_share_a_line_and_it_is_one_line_to_the_end(stocked: SandboxProcess, cast: Cast) -> None:
    agree(per_line="2")
    order = place((SKU, "4000", "EA"))
    line = order.lines.get()
    assert erp_lines(stocked, order) == [("1", 2400, "1000"), ("900001", 1600, "2000")]
    assert (order.status, line.status, line.confirmed_quantity) == ("confirmed", "accepted", 4000)
    assert told(line) == [("1", "RENO", 2400, 2400, 0), ("900001", "DAYTON", 1600, 1600, 0)]
    log = promise_logs(demand_refs=[line.demand_ref])[line.demand_ref]
    assert [(part.warehouse, int(part.quantity)) for part in log.now.parts] == [("RENO", 2400), ("DAYTON", 1600)]
    held = Reservation.objects.filter(demand_ref=line.demand_ref)
    assert sorted(held.values_list("warehouse__code", "quantity")) == [("DAYTON", 1600), ("RENO", 2400)]
    sync_feed(kind="stock")
    assert set(held.values_list("state", flat=True)) == {"seen"}
    page = signed_in(cast.buyer).get(f"/orders/{order.number}/").content.decode()
    assert page.count("from Reno") >= 1
    assert "from Dayton" in page

    stocked.ship(order.erp_number)
    stocked.invoice(order.erp_number)
    sync_erp()
    sync_erp()
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.status, line.shipped_quantity, line.invoiced_quantity) == ("shipped", 4000, 4000)
    assert told(line) == [("1", "RENO", 2400, 2400, 2400), ("900001", "DAYTON", 1600, 1600, 1600)]
    assert order.shipments.count() == 2
    assert {ln["order_line_no"] for s in order.shipments.all() for ln in s.canonical["lines"]} == {"1"}
    assert sum(invoice.total for invoice in Invoice.objects.filter(order=order)) == order.total
    reconcile_orders()
    assert not Case.objects.filter(code__in=["order_differs", "erp_price_differs"]).exists()


def test_part_of_a_line_leaves_and_its_order_is_shipped_in_part(stocked: SandboxProcess) -> None:
    agree(per_line="2")
    order = place((SKU, "4000", "EA"))
    stocked.short_ship(order.erp_number, "900001", 0)
    sync_erp()
    order.refresh_from_db()
    line = order.lines.get()
    assert (order.status, line.shipped_quantity, line.open_quantity) == ("part_shipped", 2400, 1600)
    assert told(line) == [("1", "RENO", 2400, 2400, 2400), ("900001", "DAYTON", 1600, 1600, 0)]


def test_what_one_warehouse_lacks_in_the_erp_waits_there_alone(stocked: SandboxProcess) -> None:
    agree(per_line="2")
    stocked.leave(SKU, "2000", 1000)
    order = place((SKU, "4000", "EA"))
    line = order.lines.get()
    assert (line.confirmed_quantity, line.promised_on) == (3400, None)
    assert told(line) == [("1", "RENO", 2400, 2400, 0), ("900001", "DAYTON", 1600, 1000, 0)]
    log = promise_logs(demand_refs=[line.demand_ref])[line.demand_ref]
    assert [(p.warehouse, int(p.quantity), p.why) for p in log.now.parts] == [
        ("RENO", 2400, "confirmed"),
        ("DAYTON", 1000, "confirmed"),
        ("DAYTON", 600, "no receipt is announced"),
    ]


@pytest.mark.parametrize(("least", "parts"), [("100", ["RENO", "NEWARK"]), ("101", [])])
def test_a_further_warehouse_sends_enough_or_nothing(stocked: SandboxProcess, least: str, parts: list[str]) -> None:
    agree(per_line="3", least_part=least)
    line = place((SKU, "2500", "EA")).lines.get()
    assert [part.warehouse for part in parts_of(line)] == parts
    assert line.status == ("accepted" if parts else "backordered")


def test_parts_are_whole_in_the_unit_that_was_ordered(stocked: SandboxProcess) -> None:
    agree(per_line="2")
    StockLevel.objects.filter(item__sku=SKU, warehouse__code="RENO").update(available=2399)
    line = place((SKU, "150", "CA")).lines.get()
    assert [(part.warehouse, part.quantity) for part in parts_of(line)] == [("RENO", 99), ("DAYTON", 51)]
    held = Reservation.objects.filter(demand_ref=line.demand_ref).values_list("quantity", flat=True)
    assert sorted(held) == [51 * 24, 99 * 24]


def only(sku: str, code: str, available: int) -> None:
    item = item_with_sku(sku)
    StockLevel.objects.filter(item=item).update(available=0)
    StockLevel.objects.filter(item=item, warehouse__code=code).update(available=available)


def test_an_order_from_one_warehouse_takes_the_one_that_serves_most_of_it(stocked: SandboxProcess) -> None:
    only("FST-10001", "NEWARK", 500)
    only("PLB-30001", "NEWARK", 500)
    agree(per_order="1")
    order = place(("FST-10001", "10", "EA"), ("PLB-30001", "10", "EA"), (SKU, "1000", "EA"))
    assert {plant for *_, plant in erp_lines(stocked, order)} == {"3000"}
    assert [line.status for line in order.lines.all()] == ["accepted", "accepted", "backordered"]


def test_an_erp_that_sends_an_order_from_one_warehouse_is_asked_for_one(
    stocked: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_by_the_erp = SandboxErp.capabilities
    monkeypatch.setattr(SandboxErp, "capabilities", lambda erp: replace(told_by_the_erp(erp), warehouse_of="order"))
    agree(per_line="3")
    only("FST-10001", "NEWARK", 500)
    order = place(("FST-10001", "10", "EA"), (SKU, "4000", "EA"))
    assert len({plant for *_, plant in erp_lines(stocked, order)}) == 1
    assert all(not line.parts for line in order.lines.all())


@pytest.mark.parametrize(
    ("quantity", "lines"),
    [
        ("4100", [("1", 2500, "1000"), ("900001", 1600, "2000")]),
        ("3000", [("1", 2400, "1000"), ("900001", 600, "2000")]),
        ("2000", [("1", 2000, "1000")]),
    ],
)
def test_a_change_keeps_the_parts_as_far_as_it_can(
    stocked: SandboxProcess, quantity: str, lines: list[tuple[str, int, str]]
) -> None:
    agree(per_line="2")
    order = place((SKU, "4000", "EA"))
    wanted = OrderLineChange(kind="change", line_no="1", quantity=Decimal(quantity))
    change = OrderChange(
        channel="api", account="HARBOR", po_number=order.po_number, sequence="1", changed_on=order.ordered_on,
        lines=(wanted,),
    )  # fmt: skip
    request_change(order_id=order.pk, change=change, source_key=f"t:{uuid.uuid4()}", asked_name="Jo")
    work_until_idle()
    order.refresh_from_db()
    line = order.lines.get()
    assert erp_lines(stocked, order) == lines
    assert (order.version, line.quantity, len(order.lines.all())) == (2, Decimal(quantity), 1)
    assert [part.key for part in parts_of(line)] == ([key for key, *_ in lines] if len(lines) > 1 else [])
    stocked.ship(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    assert order.lines.get().shipped_quantity == min(
        Decimal(quantity), Decimal(4000) if quantity == "4100" else Decimal(quantity)
    )


def test_a_cancelled_order_gives_every_part_back(stocked: SandboxProcess) -> None:
    agree(per_line="2")
    order = place((SKU, "4000", "EA"))
    change = OrderChange(
        channel="api", account="HARBOR", po_number=order.po_number, sequence="1", changed_on=order.ordered_on,
        purpose="cancellation",
    )  # fmt: skip
    request_change(order_id=order.pk, change=change, source_key=f"t:{uuid.uuid4()}", asked_name="Jo")
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "cancelled"
    sync_feed(kind="stock")
    assert not Reservation.objects.filter(item__sku=SKU, state="held").exists()
    free = StockLevel.objects.filter(item__sku=SKU).values_list("available", flat=True)
    assert sorted(free) == [960, 1920, 2400]


def test_each_warehouse_is_asked_for_its_part_alone(stocked: SandboxProcess) -> None:
    agree(per_line="2")
    order = place((SKU, "4000", "EA"))
    places = shipping_places(order)
    assert places == {"1": "RENO", "900001": "DAYTON"}
    for code, quantity in (("RENO", 2400), ("DAYTON", 1600)):
        [line] = wanted_of(order, places, code, Address(code=code)).lines
        assert (line.line_no, line.quantity, line.unit) == ("1", quantity, "EA")
    assert wanted_of(order, places, "NEWARK", Address(code="NEWARK")).lines == ()
