"""214 in: what carriers tell is seen by dealers and agents, once, and a delay is one case until the delivery."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from distportal.accounts.models import Membership
from distportal.events.lineage import story
from edi.documents.status214 import read_214
from edi.models import Document
from edi.seeds import seed_other
from edi.x12.tokens import Elements
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order, Shipment, TrackingEvent
from orders.process.tracking import record_tracking
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.documents.golden import sample
from tests.edi.process.departures import depart
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(crestline: Post, catalogue: SandboxProcess) -> Order:
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), po="CR-1"))
    return Order.objects.get()


def shipped(order: Order, number: str = "80001", **more: object) -> Shipment:
    return depart(order, ("1", "50", 1), number=number, **{"carrier": "RRFT"} | more)


def report(*statuses: list[str], pro: str = "1Z80001", bill: str = "", scac: str = "RRFT") -> list[Elements]:
    """A 214 of (code, reason, day, clock) statuses, in 005010."""
    rows: list[Elements] = [["B10", pro, bill, scac], ["LX", "1"]]
    for code, reason, day, clock in statuses:
        rows += [["AT7", code, reason, "", "", day, clock, "ET"], ["MS1", "Boise", "ID", "US"]]
    return rows


PICKED_UP = ["AF", "NS", "20261125", "1700"]
DELAYED = ["SD", "AO", "20261127", "0900"]
DELIVERED = ["D1", "NS", "20261128", "1015"]


def cases() -> list[Case]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN))


def test_a_dealer_and_an_agent_see_where_the_goods_are(order: Order, carrier: Post, cast: Cast) -> None:
    shipment = shipped(order)
    carrier.send("214", *report(PICKED_UP, DELIVERED))
    events = list(shipment.tracking.values_list("status", "meaning", "place", "source"))
    assert events == [
        ("AF", "Picked up", "Boise, ID, US", "Roadrunner Freight 214"),
        ("D1", "Delivered", "Boise, ID, US", "Roadrunner Freight 214"),
    ]
    assert shipment.tracking.get(status="AF").at == dt.datetime(2026, 11, 25, 22, 0, tzinfo=dt.UTC)
    page = reverse("orders:detail", args=[order.number])
    Membership.objects.create(user=cast.buyer, account=order.account, role="buyer")
    for person in (cast.agent, cast.buyer):
        shown = signed_in(person).get(page).content.decode()
        assert "Picked up" in shown
        assert "Boise, ID, US" in shown
    assert signed_in(cast.stranger).get(page).status_code == 404
    document = Document.objects.get(set_id="214")
    assert (document.state, document.order_id, document.shipment_id) == ("settled", order.pk, shipment.pk)
    steps = [step.kind for step in story(order.correlation_id, internal=False)]
    assert steps.count("tracking") == 2
    assert cases() == []


def test_the_same_status_again_is_the_same_event(order: Order, carrier: Post) -> None:
    shipped(order)
    for _ in range(3):
        carrier.send("214", *report(PICKED_UP, DELAYED))
    assert TrackingEvent.objects.count() == 2
    [case] = cases()
    assert (case.kind, case.occurrences, case.account) == ("shipment.late", 1, order.account)
    assert "delayed (weather) in Boise, ID, US" in case.sentence


def test_a_delay_ends_with_the_delivery_and_does_not_come_back(order: Order, carrier: Post) -> None:
    shipped(order)
    carrier.send("214", *report(DELAYED))
    assert len(cases()) == 1
    carrier.send("214", *report(DELIVERED))
    assert cases() == []
    carrier.send("214", *report(["SD", "AI", "20261126", "0900"]))
    assert cases() == [], "news of yesterday after the delivery"


def test_a_delivery_expected_after_the_promised_day_is_late(order: Order, carrier: Post) -> None:
    shipped(order, estimated_delivery_on=dt.date(2026, 11, 28))
    carrier.send("214", *report(["AG", "NS", "20261128", "1700"]))
    assert cases() == []
    carrier.send("214", *report(["AG", "NS", "20261130", "1700"]))
    [case] = cases()
    assert "delivery expected in Boise, ID, US, 30 Nov 2026" in case.sentence


def test_a_bill_of_lading_may_cover_several_shipments(order: Order, carrier: Post) -> None:
    one, two = shipped(order, "80001", bill_of_lading="BOL-9"), shipped(order, "80002", bill_of_lading="BOL-9")
    carrier.send("214", *report(PICKED_UP, pro="PRO-X", bill="BOL-9"))
    assert [s.tracking.count() for s in (one, two)] == [1, 1]


@pytest.mark.parametrize(
    ("pro", "scac", "said"),
    [
        ("UNKNOWN", "RRFT", "No shipment of RRFT is known as UNKNOWN"),
        ("1Z80001", "UPSN", "It speaks for the carrier UPSN"),
    ],
)
def test_an_unknown_shipment_or_another_carrier_is_one_case(
    order: Order, carrier: Post, pro: str, scac: str, said: str
) -> None:
    shipped(order)
    carrier.send("214", *report(PICKED_UP, pro=pro, scac=scac))
    [case] = cases()
    assert (case.kind, said in case.sentence) == ("edi.unusable_document", True)
    assert not TrackingEvent.objects.exists()


def test_a_carrier_cannot_speak_of_what_another_carries(order: Order, carrier: Post) -> None:
    shipped(order, carrier="UPSN")
    carrier.send("214", *report(PICKED_UP))
    assert not TrackingEvent.objects.exists()
    [case] = cases()
    assert "No shipment of RRFT is known as 1Z80001" in case.sentence
    other = Post(seed_other(code="UPSN", name="UPS", role="carrier", release="005010"))
    other.send("214", *report(PICKED_UP, scac="UPSN"))
    assert TrackingEvent.objects.count() == 1


def test_a_report_before_the_erp_books_is_followed_when_it_does(order: Order, carrier: Post) -> None:
    carrier.send("214", *report(PICKED_UP))
    [case] = cases()
    shipment = shipped(order)
    assert shipment.tracking.count() == 1
    assert cases() == []
    case.refresh_from_db()
    assert case.status == "resolved"


@pytest.mark.django_db(transaction=True)
def test_the_same_report_in_many_hands_is_recorded_once(order: Order, carrier: Post) -> None:
    shipped(order, tracking_number="PRO-77", carrier="ODFL")
    found = read_214(sample("214", "status", "005010"))
    at_once(*[lambda: len(record_tracking(report=found, source="x"))] * 5)
    assert TrackingEvent.objects.count() == 4
    [case] = cases()
    assert case.occurrences == 1
