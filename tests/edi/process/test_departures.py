"""Orders that left on one load: one 856 for all of them where the partner wants it, sent once and in time."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from distportal.canonical.shipments import Carton
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.models import DeadlineRule, DepartedShipment, Departure, Document, DueDocument, OutboundFile
from edi.process.deadlines import watch_deadlines
from edi.process.departing import announce_departure, announce_pressed, announce_shipment
from orders.models import Order, Shipment
from orders.process.fulfilment import record_shipment
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.departures import depart, shipped_at
from tests.sandbox import SandboxProcess

LOAD = {"bill_of_lading": "BOL-7", "tracking_number": "PRO-7", "carrier": "RRFT"}


def agree(post: Post, **options: object) -> None:
    """One 856 for a load is agreed."""
    agreement = post.partner.agreements.get(direction="out", set_id="856")
    agreement.options = {**agreement.options, "asn_scope": "load", **options}
    agreement.save()


def orders(post: Post, *pos: str) -> list[Order]:
    """A confirmed order of two lines by each PO number."""
    for po in pos:
        post.take(post.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po=po))
    found = list(Order.objects.order_by("number"))
    assert {order.status for order in found} == {"confirmed"}
    return found


def tree(notice: list[list[str]]) -> str:
    """The levels of the notice in their order."""
    return "".join(row[3] for row in notice if row[0] == "HL")


def values(notice: list[list[str]], segment: str, at: int) -> list[str]:
    return [row[at] for row in notice if row[0] == segment]


def leave(departure: Departure | None = None) -> None:
    """The waiting time is over."""
    jobs = Job.objects.filter(kind="edi.announce_departure", state="ready")
    jobs.update(next_at=Now())
    work_until_idle()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("structure", "pallets", "levels"),
    [("0001", False, "SOPIPIOPI"), ("0004", False, "SOIIOI"), ("0001", True, "SOTPIPIOTPI")],
    ids=["S-O-P-I", "S-O-I", "S-O-T-P-I"],
)
def test_a_load_of_two_orders_is_one_notice_with_an_order_level_each(
    crestline: Post, catalogue: SandboxProcess, structure: str, pallets: bool, levels: str
) -> None:
    from distportal.canonical.shipments import Pallet

    agree(crestline, asn_structure=structure)
    crestline.partner.asn_pallets = pallets
    crestline.partner.save()
    one, two = orders(crestline, "CR-1", "CR-2")
    packed = {"packed": (Carton(number=1, pallet=1), Carton(number=2, pallet=1)), "pallets": (Pallet(number=1),)}
    alone = {"packed": (Carton(number=1, pallet=1),), "pallets": (Pallet(number=1),)}
    depart(one, ("1", "60", 1), ("2", "24", 2), number="80001", weight_lb=Decimal(20), **LOAD, **packed)
    depart(two, ("1", "100", 1), number="80002", weight_lb=Decimal(30), **LOAD, **alone)
    assert crestline.sets("856") == [], "the first waits for what goes with it"
    leave()
    [notice] = crestline.sets("856")
    assert tree(notice) == levels
    assert values(notice, "PRF", 1) == ["CR-1", "CR-2"]
    assert [row[1:] for row in notice if row[0] == "TD1"] == [
        ["CTN", "3", "", "", "", "G", "50", "LB"],
        ["PLT", "2"],
    ]
    assert [row[1:3] for row in notice if row[0] == "REF" and row[1] in ("BM", "CN")] == [
        ["BM", "BOL-7"],
        ["CN", "PRO-7"],
    ]
    assert values(notice, "BSN", 2) == ["80001"]
    assert len(set(values(notice, "MAN", 2))) == len(values(notice, "MAN", 2)) == levels.count("P") + levels.count("T")
    sent = Document.objects.get(set_id="856")
    assert list(sent.order_links.values_list("order__po_number", flat=True)) == ["CR-1", "CR-2"]
    leave()
    assert [announce_shipment(shipment_id=row.pk) for row in Shipment.objects.all()] == [sent, sent]
    assert len(crestline.sets("856")) == 1, "never twice"


@pytest.mark.django_db
def test_what_comes_late_has_a_notice_of_its_own(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline)
    one, two, three = orders(crestline, "CR-1", "CR-2", "CR-3")
    depart(one, ("1", "100", 1), number="80001", **LOAD)
    depart(two, ("1", "100", 1), number="80002", **LOAD)
    leave()
    depart(three, ("1", "100", 1), number="80003", **LOAD)
    depart(one, ("2", "24", 1), number="80004", **LOAD)
    leave()
    first, second = crestline.sets("856")
    assert (values(first, "BSN", 2), values(first, "PRF", 1)) == (["80001"], ["CR-1", "CR-2"])
    assert (values(second, "BSN", 2), values(second, "PRF", 1)) == (["80004"], ["CR-1", "CR-3"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"bill_of_lading": "BOL-8"},
        {"carrier": "ODFL"},
        {"place": "NEWARK"},
        {"bill_of_lading": "", "tracking_number": ""},
    ],
    ids=["bill of lading", "carrier", "warehouse", "nothing said"],
)
def test_what_did_not_go_together_is_told_apart(
    crestline: Post, catalogue: SandboxProcess, other: dict[str, str]
) -> None:
    agree(crestline)
    one, two = orders(crestline, "CR-1", "CR-2")
    depart(one, ("1", "100", 1), number="80001", **LOAD)
    depart(two, ("1", "100", 1), number="80002", **LOAD | other)
    leave()
    assert sorted(values(notice, "PRF", 1) for notice in crestline.sets("856")) == [["CR-1"], ["CR-2"]]


@pytest.mark.django_db
def test_without_such_an_agreement_each_shipment_is_told_at_once(crestline: Post, catalogue: SandboxProcess) -> None:
    for number, order in enumerate(orders(crestline, "CR-1", "CR-2")):
        depart(order, ("1", "100", 1), number=f"8000{number}", **LOAD)
    assert [values(notice, "PRF", 1) for notice in crestline.sets("856")] == [["CR-1"], ["CR-2"]]
    assert not Departure.objects.exists()


@pytest.mark.django_db
def test_a_deadline_does_not_wait_for_the_load(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline, asn_wait_minutes=600)
    DeadlineRule.objects.filter(partner=crestline.partner).delete()
    DeadlineRule.objects.create(
        partner=crestline.partner, set_id="856", counted_from="shipped", hours=9000, warn_hours=1,
        valid_from=dt.date(2026, 1, 1), fee_kind="flat", fee_amount=250,
    )  # fmt: skip
    one, two = orders(crestline, "CR-1", "CR-2")
    depart(one, ("1", "100", 1), number="80001", **LOAD)
    depart(two, ("1", "100", 1), number="80002", **LOAD)
    watch_deadlines()
    assert (announce_pressed(), crestline.sets("856")) == (0, []), "there is time"
    DueDocument.objects.update(warn_at=Now())
    assert announce_pressed() == 1
    work_until_idle()
    [notice] = crestline.sets("856")
    assert values(notice, "PRF", 1) == ["CR-1", "CR-2"]
    watch_deadlines()
    sent = Document.objects.get(set_id="856")
    assert (
        list(DueDocument.objects.filter(set_id="856").values_list("state", "document", "fee"))
        == [("met", sent.pk, 0)] * 2
    ), "one document meets the deadline of each shipment in it"


@pytest.mark.django_db
def test_one_that_cannot_be_told_harms_no_other(crestline: Post, catalogue: SandboxProcess) -> None:
    from exceptions.models import Case

    agree(crestline)
    one, two, three = orders(crestline, "CR-1", "CR-2", "CR-3")
    wrong = {"packed": (Carton(number=1, sscc="006141410000000010"),)}
    depart(one, ("1", "100", 1), number="80001", **LOAD)
    depart(two, ("1", "100", 1), number="80002", **LOAD, **wrong)
    depart(three, ("1", "100", 1), number="80003", **LOAD)
    for _ in range(20):
        leave()
    [notice] = crestline.sets("856")
    assert values(notice, "PRF", 1) == ["CR-1", "CR-3"]
    [case] = Case.objects.all()
    assert "SSCC" in case.sentence or "check digit" in str(case.data)
    assert DepartedShipment.objects.filter(departure__document=None).get().shipment.number == "80002"


@pytest.mark.django_db
def test_a_person_may_send_it_before_the_time(crestline: Post, catalogue: SandboxProcess, cast: Cast) -> None:
    agree(crestline)
    one, two = orders(crestline, "CR-1", "CR-2")
    for number, order in enumerate((one, two), 80001):
        depart(order, ("1", "100", 1), number=str(number), **LOAD)
    agent = signed_in(cast.agent)
    seen = agent.get(reverse("edi:compose"), {"set_id": "856", "number": "80002"}).content.decode()
    assert "CR-1" in seen
    assert "CR-2" in seen
    assert (crestline.sets("856"), Departure.objects.get().document) == ([], None), "looked at, not sent"
    page = agent.get(reverse("edi:partner", args=[crestline.partner.code])).content.decode()
    assert "80001" in page
    agent.post(reverse("edi:send_composed"), {"set_id": "856", "number": "80002"})
    work_until_idle()
    [notice] = crestline.sets("856")
    assert values(notice, "PRF", 1) == ["CR-1", "CR-2"]
    leave()
    assert len(crestline.sets("856")) == 1
    document = Document.objects.get(set_id="856")
    shown = agent.get(reverse("edi:document", args=[document.pk])).content.decode()
    assert shown.count("labels.pdf") == 2
    found = agent.get(reverse("edi:documents"), {"q": "CR-2"}).content.decode()
    assert reverse("edi:document", args=[document.pk]) in found


@pytest.mark.django_db(transaction=True)
def test_ten_that_leave_at_once_and_four_that_close_are_one_notice(crestline: Post, catalogue: SandboxProcess) -> None:
    agree(crestline)
    found = orders(crestline, *(f"CR-{n}" for n in range(4)))
    departing = [partial(_recorded, order, f"8000{n}") for n, order in enumerate(found)]
    at_once(*departing)
    work_until_idle()
    departure = Departure.objects.get()
    assert departure.parts.count() == 4
    at_once(*[partial(announce_departure, departure_id=departure.pk)] * 4)
    work_until_idle()
    [notice] = crestline.sets("856")
    assert values(notice, "PRF", 1) == [f"CR-{n}" for n in range(4)]
    assert OutboundFile.objects.filter(name__contains="856").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_boards_while_it_closes_is_in_this_notice_or_in_the_next(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    agree(crestline)
    one, two = orders(crestline, "CR-1", "CR-2")
    depart(one, ("1", "100", 1), number="80001", **LOAD)
    departure = Departure.objects.get()
    barrier = threading.Barrier(2, timeout=30)

    def close() -> None:
        barrier.wait()
        announce_departure(departure_id=departure.pk)

    def board() -> None:
        barrier.wait()
        _recorded(two, "80002")
        work_until_idle()

    at_once(close, board)
    leave()
    told = [po for notice in crestline.sets("856") for po in values(notice, "PRF", 1)]
    assert sorted(told) == ["CR-1", "CR-2"]


def _recorded(order: Order, number: str) -> None:
    from distportal.canonical.parts import Address, ItemId
    from distportal.canonical.shipments import Shipment as Fact
    from distportal.canonical.shipments import ShipmentLine
    from orders.models import ErpCommand

    fact = Fact(
        number=number,
        order_key=ErpCommand.objects.get(order=order).order_key,
        shipped_at=shipped_at(),
        ship_from=Address(code="RENO"),
        ship_to=Address(code=order.ship_to.code if order.ship_to else ""),
        lines=(
            ShipmentLine(
                order_line_no="1", items=(ItemId(qualifier="sku", value="FST-10001"),), quantity=Decimal(100), unit="EA"
            ),
        ),
        **LOAD,
    )
    assert record_shipment(fact=fact, erp_id=f"ERP-{number}", version="1") is not None
