"""What carriers post and answer: believed only when signed, stored before the answer, used once, never backwards."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pytest
from django.urls import reverse

from distportal.accounts.models import User
from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from distportal.systems.logistics import save_logistics_connection, tms
from distportal.systems.models import LogisticsConnection
from distportal.systems.tms.port import TmsPort
from exceptions.registry import case_kind
from inventory.models import FeedCursor
from orders.kpis import shipment_figures
from orders.models import CarrierMessage, Shipment, TrackingEvent
from orders.process.carrier_feed import poll_carrier
from orders.process.carrier_messages import receive_message, take_message
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.process.departures import depart
from tests.logistics.carriers import Carrier
from tests.logistics.conftest import cases

pytestmark = pytest.mark.django_db


def told(shipment: Shipment) -> list[str]:
    """Its timeline."""
    return list(shipment.tracking.order_by("at").values_list("status", flat=True))


def test_a_signed_post_is_stored_then_answered_then_used(roady: Carrier, sent: Shipment) -> None:
    event = roady.event()
    answer = roady.post(event)
    assert (answer.status_code, answer.json()) == (202, {"event_id": event["event_id"], "state": "stored"})
    [message] = CarrierMessage.objects.all()
    assert (message.state, message.channel, bytes(message.body)[:1]) == ("received", "webhook", b"{")
    assert not TrackingEvent.objects.exists(), "the sender does not wait for that"
    work_until_idle()
    [row] = TrackingEvent.objects.all()
    assert (row.shipment, row.meaning, row.place, row.source) == (sent, "Picked up", "Reno, NV", "Roadrunner")
    message.refresh_from_db()
    assert (message.state, message.shipment) == ("used", sent)
    assert cases() == []


def test_a_poll_and_a_post_of_the_same_event_count_once(roady: Carrier, sent: Shipment) -> None:
    event = roady.event()
    roady.posted(event)
    roady.tell(event)
    roady.tell(event)
    roady.ask()
    roady.ask()
    assert CarrierMessage.objects.count() == 1
    assert told(sent) == ["AF"]
    assert FeedCursor.objects.get(kind="tms:roady").failing_since is None
    assert roady.post(event).json()["state"] == "known"


@pytest.mark.parametrize(
    ("status", "said", "how"),
    [
        (401, "does not fit", {"secret": "another"}),
        (401, "does not fit", {"body": b'{"event_id": "changed"}', "webhook_signature": "v1,AAAA"}),
        (401, "not within 300 seconds", {"at": 1_700_000_000}),
        (401, "not within 300 seconds", {"webhook_timestamp": "now"}),
        (400, "are needed", {"webhook_id": ""}),
        (400, "are needed", {"webhook_id": "x" * 121}),
        (413, "at most", {"body": b""}),
    ],
)
def test_what_is_not_believed_is_refused_and_not_kept(
    roady: Carrier, sent: Shipment, status: int, said: str, how: dict[str, Any]
) -> None:
    answer = roady.post(roady.event(), **how)
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert "Nothing was kept." in answer.json()["detail"]
    assert not CarrierMessage.objects.exists()


def test_nobody_posts_to_an_address_that_is_off_or_unknown(roady: Carrier, press: Any) -> None:
    LogisticsConnection.objects.get().delete()
    assert roady.post(roady.event()).status_code == 404
    Carrier(roady.sandbox)
    press(Level.PROTECT)
    answer = roady.post(roady.event())
    assert (answer.status_code, answer["Retry-After"] != "") == (503, True)
    assert not CarrierMessage.objects.exists()


def test_more_than_is_agreed_is_cut_off(roady: Carrier) -> None:
    answer = roady.post(roady.event(), body=b" " * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert not CarrierMessage.objects.exists()


def test_another_message_under_a_known_id_is_refused_with_one_case(roady: Carrier, sent: Shipment) -> None:
    event = roady.event()
    roady.posted(event)
    answer = roady.post({**event, "tracking_number": "1ZOTHER"})
    assert answer.status_code == 409
    roady.tell({**event, "tracking_number": "1ZOTHER"})
    roady.ask()
    assert CarrierMessage.objects.get().state == "used"
    [case] = cases()
    assert (case.kind, case.code, case.occurrences) == ("carrier.message", "conflict", 2)


def test_out_of_order_and_twice_does_no_harm_and_nothing_goes_back(roady: Carrier, sent: Shipment) -> None:
    roady.posted(roady.event("D1", "delivered", at="2026-11-26T10:00:00-06:00"))
    roady.posted(roady.event("X1", at="2026-11-26T09:00:00-06:00"))
    roady.posted(roady.event("AF", at="2026-11-25T18:00:00-06:00"))
    roady.posted(roady.event("AF", at="2026-11-25T18:00:00-06:00"))
    roady.posted(roady.event("D1", "delivered", at="2026-11-26T12:00:00-06:00"))
    roady.posted(roady.event("AJ", "late", at="2026-11-26T08:00:00-06:00"))
    assert told(sent) == ["AF", "AJ", "X1", "D1", "D1"]
    sent.refresh_from_db()
    assert sent.delivered_at == dt.datetime(2026, 11, 26, 16, tzinfo=dt.UTC), "the earliest that was told"
    assert cases() == [], "late news of a delay of what has arrived is nobody's business"


def test_what_comes_before_the_erp_books_waits_and_is_then_used(roady: Carrier, place: Any) -> None:
    order = place()
    roady.posted(roady.event())
    roady.posted(roady.event("X1"))
    assert set(CarrierMessage.objects.values_list("state", flat=True)) == {"waiting"}
    assert [case.code for case in cases()] == ["early", "early"]
    shipment = depart(order, ("1", "10", 1), ("2", "4", 2))
    assert set(CarrierMessage.objects.values_list("state", flat=True)) == {"used"}
    assert sorted(told(shipment)) == ["AF", "X1"]
    assert cases() == []


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("cannot be read", {"status": {"code": "AF"}}),
        ("cannot be read", {"status": {"code": "AF", "meaning": "x", "at": "2026-11-25T10:00:00"}}),
        ("cannot be read", {"status": {"code": "AF", "meaning": "x", "at": "soon"}}),
        ("cannot be read", {"status": None}),
        ("it has NUL characters", {"tracking_number": "1Z\x0080001"}),
        ("cannot be read", {"status": [[1]]}),
        ("it speaks for the carrier FDXG", {"carrier": "FDXG"}),
        ("it calls itself other", {"event_id": "other"}),
    ],
)
def test_what_cannot_be_used_is_kept_with_one_case(
    roady: Carrier, sent: Shipment, said: str, change: dict[str, Any]
) -> None:
    event = roady.event()
    body = json.dumps({**event, **change}).encode()
    assert roady.post(event, body=body).status_code == 202
    good = roady.event("X1")
    roady.posted(good)
    bad = CarrierMessage.objects.get(event_id=event["event_id"])
    assert (bad.state, bytes(bad.body)) == ("failed", body)
    assert said in bad.finding
    assert told(sent) == ["X1"], "its neighbour is used"
    [case] = cases()
    assert (case.kind, case.code, case.subject_id) == ("carrier.message", "unusable", str(bad.pk))


@pytest.mark.parametrize("body", [b"\x00\xff not json", b"[" * 100_000, b"[]", b"7", b'{"status": NaN}'])
def test_a_body_that_is_no_json_of_ours_is_kept_too(roady: Carrier, sent: Shipment, body: bytes) -> None:
    assert roady.post(roady.event(), body=body).status_code == 202
    work_until_idle()
    assert CarrierMessage.objects.get().state == "failed"
    assert [case.kind for case in cases()] == ["carrier.message"]


def test_a_case_can_be_tried_again_once_the_carrier_is_agreed(roady: Carrier, sent: Shipment, cast: Cast) -> None:
    Shipment.objects.update(carrier="Fast Freight")
    roady.posted(roady.event(carrier="FDXG"))
    [case] = cases()
    use = next(action for action in case_kind(case.kind).actions if action.name == "use_again")
    assert use.run(case, {}, "", cast.agent).startswith("Still not used")
    save_logistics_connection(
        name="roady", title="Roadrunner", kind="tms_rest", settings=LogisticsConnection.objects.get().settings,
        secrets=LogisticsConnection.objects.get().secrets, serves={"FDXG": ""},
    )  # fmt: skip
    assert use.run(case, {}, "", cast.agent) == "It was used"
    assert cases() == []
    assert told(sent) == ["AF"]


def test_with_the_carrier_away_nothing_is_lost(roady: Carrier, sent: Shipment) -> None:
    assert isinstance(tms("roady"), TmsPort)
    assert tms("roady").health().version == "sandbox-tms 1.0"
    roady.tell(roady.event())
    roady.sandbox.faults({"kind": "error_503", "count": 1, "match": {"path_regex": "^/tms/"}})
    with pytest.raises(RetryLater):
        poll_carrier(connection="roady")
    assert FeedCursor.objects.get(kind="tms:roady").failing_since is not None
    roady.ask()
    assert told(sent) == ["AF"]
    assert FeedCursor.objects.get(kind="tms:roady").failing_since is None


def test_one_that_only_posts_is_never_asked(roady: Carrier, sent: Shipment) -> None:
    Carrier(roady.sandbox, poll=False)
    roady.tell(roady.event())
    roady.ask()
    assert not CarrierMessage.objects.exists()


def test_a_long_feed_is_read_in_pages(roady: Carrier, sent: Shipment) -> None:
    Carrier(roady.sandbox, page_size=20)
    for minute in range(45):
        roady.tell(roady.event("X6", at=f"2026-11-25T18:{minute:02d}:00-06:00"))
    roady.ask()
    assert TrackingEvent.objects.count() == 45


@pytest.mark.django_db(transaction=True)
def test_the_same_post_in_many_hands_is_stored_and_used_once(roady: Carrier, sent: Shipment) -> None:
    event = roady.event()
    answers = at_once(*[lambda: roady.post(event).json()["state"]] * 5)
    assert sorted(answers) == ["known"] * 4 + ["stored"]
    message = CarrierMessage.objects.get()
    at_once(*[lambda: take_message(message_id=message.pk)] * 4)
    assert told(sent) == ["AF"]


def test_a_worker_that_died_after_storing_loses_nothing(roady: Carrier, sent: Shipment) -> None:
    event = roady.event()
    body = json.dumps(event).encode()
    receive_message(connection="roady", event_id=event["event_id"], body=body, channel="webhook")
    work_until_idle()
    assert told(sent) == ["AF"]


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_carrier_posts_to_the_real_address(roady: Carrier, sent: Shipment, live_server: Any) -> None:
    url = f"{live_server.url}/api/v1/carriers/roady/events"
    roady.sandbox.configure(webhook_url=url, webhook_secret="hook-secret-of-the-tests")
    try:
        event = roady.tell(roady.event("OA"))
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and not CarrierMessage.objects.filter(event_id=event["event_id"]).exists():
            time.sleep(0.1)
    finally:
        roady.sandbox.configure(webhook_url="", webhook_secret="")
    work_until_idle()
    assert CarrierMessage.objects.get(event_id=event["event_id"]).channel == "webhook"
    assert "OA" in told(sent)


def test_completeness_is_told_to_monitoring_and_operators(roady: Carrier, sent: Shipment, cast: Cast) -> None:
    Shipment.objects.update(shipped_at=database_now())
    names = {figure.name: figure.samples[0][1] for figure in shipment_figures()}
    assert names == {"portal_shipments_tracked_ratio": 0.0}
    roady.posted(roady.event("D1", "delivered"))
    names = {figure.name: figure.samples[0][1] for figure in shipment_figures()}
    assert names == {"portal_shipments_tracked_ratio": 1.0, "portal_deliveries_proven_ratio": 0.0}
    operator = User.objects.get(email="operator@northline.example")
    page = signed_in(operator).get(reverse("connections")).content.decode()
    assert "Carrier Roadrunner" in page
    assert "1 of 1 shipments" in page
    assert "0 of 1 deliveries" in page
