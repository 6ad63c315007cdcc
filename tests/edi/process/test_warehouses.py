"""940 out and 945 in: the warehouse is told once and again when the order changes; the ERP's figures hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from distportal.canonical.shipments import Carton
from distportal.events.clock import database_now
from distportal.events.lineage import story
from distportal.events.sweeper import work_until_idle
from edi.documents.advice945 import read_945
from edi.documents.sscc import sscc18
from edi.models import Document, LogisticUnit, WarehouseOrder
from edi.process.instructing import instruct_warehouses
from edi.process.labels import shipment_labels
from edi.process.reprocessing import reprocess_document
from edi.seeds import seed_other
from edi.x12.tokens import Elements
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order, WarehouseAdvice
from orders.process.advice_watch import watch_advices
from orders.process.warehouse import record_advice
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.documents.golden import sample
from tests.edi.process.departures import depart
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(crestline: Post, reno: Post, catalogue: SandboxProcess) -> Order:
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po="CR-1"))
    return Order.objects.get()


def place_of(order: Order) -> str:
    return WarehouseOrder.objects.get(order=order, sequence=1).warehouse.code


def line(
    line_no: str, sku: str, shipped: str, *, ordered: str = "", status: str = "CC", unit: str = "EA"
) -> list[Elements]:
    w12 = ["W12", status, ordered or shipped, shipped, "", unit, "", "VN", sku]
    return [w12, ["N9", "LI", line_no]] if line_no else [w12]


def advice(order: Order, *lines: list[Elements], number: str = "WH-1", bill: str = "") -> list[Elements]:
    rows: list[Elements] = [["W06", "F", f"{order}-{place_of(order)}", "20261125", bill, number, order.po_number]]
    rows += [["N1", "WH", "Reno", "91", "RENO"], ["W27", "M", "UPSN"], ["LX", "1"]]
    return [*rows, *(row for one in lines for row in one), ["W03", "1"]]


BOTH = (line("1", "FST-10001", "100"), line("2", "FST-10002", "24"))


def cases(kind: str = "") -> list[Case]:
    rows = Case.objects.filter(status__in=CaseStatus.OPEN)
    return list(rows.filter(kind=kind) if kind else rows)


def test_a_confirmed_order_is_told_to_its_warehouse_once(order: Order, reno: Post) -> None:
    [told] = reno.sets("940")
    assert told[1] == ["W05", "N", f"{order}-{place_of(order)}", "CR-1"]
    assert [row[1:6] for row in told if row[0] == "W01"] == [
        ["100", "EA", "", "VN", "FST-10001"],
        ["24", "EA", "", "VN", "FST-10002"],
    ]
    assert ["N9", "LI", "2"] in told
    assert next(row for row in told if row[0] == "N1" and row[1] == "ST")[3:] == ["91", "0117"]
    assert instruct_warehouses(order_id=order.pk) == []
    assert Document.objects.filter(set_id="940").count() == 1
    assert cases() == []


def test_a_change_and_a_cancellation_follow_under_the_same_number(order: Order, reno: Post) -> None:
    order.lines.filter(line_no="1").update(confirmed_quantity=Decimal(60))
    [changed] = instruct_warehouses(order_id=order.pk)
    assert changed.segments[1][:3] == ["W05", "R", f"{order}-{place_of(order)}"]
    assert [row[1] for row in changed.segments if row[0] == "W01"] == ["60", "24"]
    order.lines.update(status="cancelled")
    [ended] = instruct_warehouses(order_id=order.pk)
    assert ended.segments[1][:3] == ["W05", "F", f"{order}-{place_of(order)}"]
    assert [row[1] for row in ended.segments if row[0] == "W01"] == ["60", "24"], "what is cancelled is repeated"
    assert instruct_warehouses(order_id=order.pk) == []
    order.lines.update(status="accepted")
    [again] = instruct_warehouses(order_id=order.pk)
    assert again.segments[1][:3] == ["W05", "N", f"{order}-{place_of(order)}-4"]


def test_a_warehouse_that_ships_nothing_of_it_is_told_nothing(
    crestline: Post, catalogue: SandboxProcess, edi_root: object
) -> None:
    seed_other(code="STOWELL", name="Stowell", role="warehouse")
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    assert not Document.objects.filter(set_id="940").exists()


def test_a_warehouse_without_an_agreed_940_is_told_nothing(crestline: Post, reno: Post) -> None:
    reno.agree("out")
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    assert not Document.objects.filter(set_id="940").exists()


def test_what_the_warehouse_shipped_waits_for_the_erp_and_then_agrees(order: Order, reno: Post, cast: Cast) -> None:
    reno.send("945", *advice(order, *BOTH))
    [row] = WarehouseAdvice.objects.all()
    assert (row.state, row.lines, row.findings) == ("waiting", {"1": "100", "2": "24"}, [])
    order.refresh_from_db()
    assert order.status == "confirmed", "the ERP alone says what was shipped"
    assert [r[1:] for r in reno.sets("997")[-1] if r[0] == "AK5"] == [["A"]]
    shipment = depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order))
    row.refresh_from_db()
    assert (row.state, row.shipment_id) == ("booked", shipment.pk)
    order.refresh_from_db()
    assert order.status == "shipped"
    assert cases() == []
    kinds = [step.kind for step in story(order.correlation_id, internal=True)]
    assert {"warehouse", "edi_in", "shipment"} <= set(kinds)
    assert "warehouse" not in [step.kind for step in story(order.correlation_id, internal=False)]
    assert "WH-1" in signed_in(cast.agent).get(reverse("chain", args=[order.correlation_id])).content.decode()


def test_several_945s_answer_one_940_and_one_shipment_may_book_them(order: Order, reno: Post) -> None:
    reno.send("945", *advice(order, line("1", "FST-10001", "60", ordered="100", status="BP"), number="WH-1"))
    reno.send("945", *advice(order, line("1", "FST-10001", "40"), line("2", "FST-10002", "24"), number="WH-2"))
    assert cases() == []
    shipment = depart(order, ("1", "100", 1), ("2", "24", 2), place=place_of(order))
    assert {(a.number, a.state, a.shipment_id) for a in WarehouseAdvice.objects.all()} == {
        ("WH-1", "booked", shipment.pk),
        ("WH-2", "booked", shipment.pk),
    }
    assert cases() == []


def test_each_of_several_945s_finds_its_own_shipment(order: Order, reno: Post) -> None:
    first = depart(order, ("1", "60", 1), number="80001", place=place_of(order))
    second = depart(order, ("1", "40", 1), ("2", "24", 1), number="80002", place=place_of(order))
    reno.send("945", *advice(order, line("1", "FST-10001", "40"), line("2", "FST-10002", "24"), number="WH-2"))
    reno.send("945", *advice(order, line("1", "FST-10001", "60", ordered="100", status="BP"), number="WH-1"))
    assert {(a.number, a.state, a.shipment_id) for a in WarehouseAdvice.objects.all()} == {
        ("WH-1", "booked", first.pk),
        ("WH-2", "booked", second.pk),
    }


def test_a_difference_is_one_case_and_the_erp_holds(order: Order, reno: Post) -> None:
    reno.send("945", *advice(order, line("1", "FST-10001", "98"), line("2", "FST-10002", "24"), bill="BOL80001"))
    shipment = depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order))
    [case] = cases()
    assert case.kind == "warehouse.differs"
    assert "line 1: 98 shipped by the warehouse, 100 booked" in case.sentence
    row = WarehouseAdvice.objects.get()
    assert (row.state, row.shipment_id) == ("differs", shipment.pk)
    assert order.lines.get(line_no="1").shipped_quantity == 100


def test_cartons_that_one_side_alone_knows_are_told(order: Order, reno: Post) -> None:
    theirs, ours = sscc18("0614141", 1), sscc18("0614141", 2)
    body = advice(order, *BOTH)
    body.insert(body.index(["LX", "1"]) + 1, ["MAN", "GM", f"00{theirs}"])
    reno.send("945", *body)
    depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order), packed=(Carton(number=1, sscc=ours),))
    [case] = cases()
    assert (case.kind, "2 cartons are known to one side alone" in case.sentence) == ("warehouse.differs", True)


def test_the_same_945_again_changes_nothing_and_another_under_its_number_is_a_case(order: Order, reno: Post) -> None:
    reno.send("945", *advice(order, *BOTH))
    reno.send("945", *advice(order, *BOTH))
    assert WarehouseAdvice.objects.count() == 1
    assert cases() == []
    reno.send("945", *advice(order, line("1", "FST-10001", "1")))
    assert WarehouseAdvice.objects.get().lines == {"1": "100", "2": "24"}
    assert [case.kind for case in cases()] == ["warehouse.advice_conflict"]
    assert {d.state for d in Document.objects.filter(set_id="945")} == {"settled"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("1", "FST-10001", "120")], "line 1 is over: 120 of 100 EA shipped"),
        ([line("1", "FST-10001", "90", ordered="100", status="CP")], "line 1 is short: 90 of 100 EA shipped"),
        ([line("", "FST-10003", "5")], "5 EA of FST-10003, which the order does not have"),
        ([line("1", "FST-10001", "2", unit="PL")], "line 1 is told in PL, it was ordered in EA"),
    ],
)
def test_what_does_not_fit_the_order_is_one_case(
    order: Order, reno: Post, lines: list[list[Elements]], said: str
) -> None:
    reno.send("945", *advice(order, *lines))
    [case] = cases()
    assert case.kind == "warehouse.odd_advice"
    assert said in case.sentence
    assert WarehouseAdvice.objects.count() == 1


def test_a_partial_shipment_with_more_to_come_is_no_case(order: Order, reno: Post) -> None:
    reno.send("945", *advice(order, line("1", "FST-10001", "60", ordered="100", status="BP")))
    assert cases() == []


def test_what_the_erp_does_not_book_in_time_is_one_case_until_it_does(order: Order, reno: Post) -> None:
    reno.send("945", *advice(order, *BOTH))
    assert watch_advices() == 0
    WarehouseAdvice.objects.update(due_at=database_now() - dt.timedelta(seconds=1))
    assert (watch_advices(), watch_advices()) == (1, 0)
    [case] = cases()
    assert (case.kind, case.account) == ("warehouse.unbooked", order.account)
    depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order))
    assert cases() == []
    assert watch_advices() == 0


def test_a_stranger_cannot_ship_for_another_warehouse(order: Order, reno: Post) -> None:
    stranger = Post(seed_other(code="OTHERWH", name="Other Warehouse", role="warehouse"))
    stranger.send("945", *advice(order, *BOTH))
    assert not WarehouseAdvice.objects.exists()
    [case] = cases()
    assert case.kind == "edi.unusable_document"
    assert f"We gave Other Warehouse no order {order}-{place_of(order)}" in case.sentence
    assert Document.objects.get(set_id="945").state == "failed"


def test_an_unreadable_945_fails_with_one_case_and_can_be_followed_again(order: Order, reno: Post, cast: Cast) -> None:
    reno.send(
        "945",
        ["W06", "F", "", "20261125"],
        ["N1", "WH", "Reno"],
        ["LX", "1"],
        ["W12", "CC", "1", "1", "", "EA", "", "VN", "A"],
    )
    [case] = cases()
    assert "depositor order number" in case.sentence

    reprocess_document(document_id=Document.objects.get(set_id="945").pk)
    work_until_idle()
    [same] = cases()
    assert (same.pk, same.occurrences) == (case.pk, 1), "nothing new was found out"
    page = signed_in(cast.agent).get(reverse("desk:case", args=[case.number])).content.decode()
    assert "Follow it again" in page


def test_a_buyer_may_not_speak_as_a_warehouse(order: Order, crestline: Post) -> None:
    crestline.send("945", *advice(order, *BOTH))
    assert not WarehouseAdvice.objects.exists()
    assert [case.kind for case in cases()] == ["edi.unsupported_set"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_tell_at_once_a_warehouse_hears_once(order: Order, reno: Post) -> None:
    order.lines.filter(line_no="1").update(confirmed_quantity=Decimal(60))
    found = at_once(*[lambda: len(instruct_warehouses(order_id=order.pk))] * 4)
    assert sorted(found) == [0, 0, 0, 1]
    assert list(WarehouseOrder.objects.order_by("sequence").values_list("sequence", "purpose")) == [(1, "N"), (2, "R")]


def test_the_case_page_shows_order_advice_and_shipment(order: Order, reno: Post, cast: Cast) -> None:
    reno.send("945", *advice(order, line("1", "FST-10001", "98"), line("2", "FST-10002", "24"), bill="BOL80001"))
    depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order))
    [case] = cases()
    page = signed_in(cast.agent).get(reverse("desk:case", args=[case.number])).content.decode()
    for said in (str(order), "WH-1", "80001", "line 1: 98 shipped by the warehouse, 100 booked"):
        assert said in page, said


def test_the_856_bears_the_codes_that_the_warehouse_put_on_the_cartons(
    order: Order, crestline: Post, reno: Post
) -> None:
    one, two = sscc18("0614141", 11), sscc18("0614141", 12)
    body = advice(order, line("1", "FST-10001", "60", ordered="100", status="BP"))
    body.insert(body.index(["LX", "1"]) + 1, ["MAN", "GM", f"00{one}"])
    rest = [["LX", "2"], ["MAN", "GM", f"00{two}"], *line("1", "FST-10001", "40"), *line("2", "FST-10002", "24")]
    reno.send("945", *body[:-1], *rest, body[-1])
    shipment = depart(order, ("1", "100", 1), ("2", "24", 1), place=place_of(order))
    [notice] = crestline.sets("856")
    packed = [row[2] for row in notice if row[0] in ("MAN", "SN1")]
    assert packed == [f"00{one}", "60", f"00{two}", "40", "24"]
    assert {u.sscc for u in LogisticUnit.objects.filter(shipment=shipment)} == {one, two}
    assert shipment_labels(shipment_id=shipment.pk) == shipment_labels(shipment_id=shipment.pk)


def test_an_856_that_left_before_the_warehouse_told_keeps_its_codes(order: Order, crestline: Post, reno: Post) -> None:
    shipment = depart(order, ("1", "100", 1), ("2", "24", 2), place=place_of(order))
    before = shipment_labels(shipment_id=shipment.pk)
    body = advice(order, *BOTH)
    body.insert(body.index(["LX", "1"]) + 1, ["MAN", "GM", f"00{sscc18('0614141', 13)}"])
    reno.send("945", *body)
    assert WarehouseAdvice.objects.get().state == "booked"
    assert shipment_labels(shipment_id=shipment.pk) == before
    [notice] = crestline.sets("856")
    told = [row[2] for row in notice if row[0] == "MAN"]
    assert told == [f"00{unit.sscc}" for unit in LogisticUnit.objects.filter(shipment=shipment)]
    assert len(told) == 2, "the warehouse says it was one carton"


@pytest.mark.django_db(transaction=True)
def test_the_same_advice_in_many_hands_is_recorded_once(order: Order) -> None:
    asked = WarehouseOrder.objects.get()
    fact = dataclasses.replace(read_945(sample("945", "cartons", "004010")), order_number=asked.number)

    def take() -> str:
        return record_advice(
            fact=fact, order_id=order.pk, warehouse_id=asked.warehouse_id, source_key="edi:x", source="Stowell"
        ).outcome

    assert sorted(at_once(*[take] * 5)) == ["recorded", *["repeated"] * 4]
    assert WarehouseAdvice.objects.count() == 1
