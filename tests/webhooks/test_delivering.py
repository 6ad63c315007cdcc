"""What happened reaches the other system signed, in order and under one id, and nobody else's events do."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import pytest

from distportal.common.errors import Conflict
from distportal.events.clock import database_now
from distportal.events.models import Job, OutboxEvent
from distportal.notices.models import Notice
from distportal.webhooks import delivering
from distportal.webhooks.catalogue import PING, event_kind, event_kinds
from distportal.webhooks.connecting import post
from distportal.webhooks.delivering import WAKE_JOB, deliver_due
from distportal.webhooks.endpoints import rotate_secret, send_ping, turn_off, turn_on
from distportal.webhooks.models import Attempt, Delivery, Endpoint
from distportal.webhooks.recording import WAITS
from distportal.webhooks.replaying import replay_delivery, replay_range
from exceptions.models import Case
from tests.conftest import Cast
from tests.webhooks.conftest import Make
from tests.webhooks.happening import fits, later, pay, send
from tests.webhooks.sink import Sink

pytestmark = pytest.mark.django_db


def test_an_event_arrives_once_signed_and_as_its_schema_says(make: Make, sink: Sink) -> None:
    _, secret = make()
    pay("T-1")
    send()
    (got,) = sink.got
    event = json.loads(got.body)
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert fits(got, secret)
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "remittance.recorded", "T-1")
    assert got.headers["webhook-id"] == event["id"] == str(OutboxEvent.objects.get(type="remittance.recorded").pk)
    kind = event_kind("remittance.recorded")
    assert kind is not None
    jsonschema.validate(event["data"], kind.schema)
    assert event["data"] == {
        "trace": "T-1", "account": "HARBOR", "paid_on": "2026-05-12", "currency": "USD", "amount": "10.5", "method": "",
    }  # fmt: skip
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_status) == ("delivered", 1, 200)
    assert send() == 0
    assert len(sink.got) == 1
    sink.got[0].body = got.body.replace(b"T-1", b"T-2")
    assert not fits(sink.got[0], secret)


def test_every_example_of_the_catalogue_fits_its_schema() -> None:
    from distportal.canonical.base import to_json

    assert len(event_kinds()) > 20
    for kind in event_kinds():
        jsonschema.validate(to_json(kind.example.data), kind.schema)


def test_a_company_gets_its_own_events_and_the_house_those_of_all(make: Make, sink: Sink) -> None:
    make("/harbor")
    make("/summit", account="SUMMIT")
    make("/house", account=None)
    make("/other", types=["order.accepted"])
    pay("T-1")
    pay("T-2", account="SUMMIT")
    send()
    seen = sorted((one.path, json.loads(one.body)["subject"]) for one in sink.got)
    assert seen == [("/harbor", "T-1"), ("/house", "T-1"), ("/house", "T-2"), ("/summit", "T-2")]


def test_a_failing_message_is_tried_as_the_standard_lists_and_then_given_up(make: Make, sink: Sink) -> None:
    endpoint, _ = make()
    sink.say["/in"] = (500, {}, b"broken")
    pay("T-1")
    before = database_now()
    send()
    for tried, wait in enumerate(WAITS, 1):
        row = Delivery.objects.get()
        assert (row.state, row.attempts, row.last_status) == ("pending", tried, 500)
        began = row.tries.latest("pk").began_at
        assert dt.timedelta(seconds=wait) <= row.next_at - began
        assert row.next_at - began <= dt.timedelta(seconds=wait) + (database_now() - before)
        later(endpoint)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("gave_up", 10)
    assert 75 * 3600 < sum(WAITS) < 76 * 3600
    assert len({one.headers["webhook-id"] for one in sink.got}) == 1
    assert len({one.body for one in sink.got}) == 1
    later(endpoint)
    assert len(sink.got) == 10
    send()
    case = Case.objects.get()
    assert (case.kind, case.status, case.subject_id) == ("webhook.failing", "new", str(endpoint.pk))
    assert Endpoint.objects.get().state == "active"
    # mended: what was given up is sent again, and the case ends
    sink.say.clear()
    replay_delivery(by=None, account=endpoint.account, endpoint_id=endpoint.pk, delivery_id=row.pk)
    send()
    case.refresh_from_db()
    assert (case.status, Delivery.objects.get().state) == ("resolved", "delivered")


def test_a_failing_endpoint_rests_while_others_get_theirs(make: Make, sink: Sink) -> None:
    ill, _ = make("/ill")
    make("/well")
    sink.say["/ill"] = (500, {}, b"")
    for number in range(4):
        pay(f"T-{number}")
    send()
    Endpoint.objects.filter(pk=ill.pk).update(rests_until=database_now() + dt.timedelta(minutes=5))
    pay("T-4")
    send()
    assert sink.paths().count("/ill") == 1  # it rests after the first one, whatever happens meanwhile
    well = [json.loads(one.body)["subject"] for one in sink.got if one.path == "/well"]
    assert well == ["T-0", "T-1", "T-2", "T-3", "T-4"]
    assert Job.objects.filter(kind=WAKE_JOB, key=str(ill.pk), state="ready").count() == 1
    sink.say.clear()
    later(ill)
    assert [json.loads(one.body)["subject"] for one in sink.got if one.path == "/ill"][1:] == well
    assert Endpoint.objects.get(pk=ill.pk).failures == 0


def test_a_slow_one_gets_one_message_a_turn(make: Make, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    make("/a")
    make("/b", account="SUMMIT")
    for number in range(3):
        pay(f"T-{number}")
        pay(f"S-{number}", account="SUMMIT")
    monkeypatch.setattr(delivering, "SLOW_SECONDS", -1.0)
    send()
    assert len(sink.got) == 6
    assert [set(sink.paths()[at : at + 2]) for at in (0, 2, 4)] == [{"/a", "/b"}] * 3


def test_a_redirect_is_followed_nowhere(make: Make, sink: Sink) -> None:
    make()
    sink.say["/in"] = (302, {"Location": sink.url("/elsewhere")}, b"")
    pay("T-1")
    send()
    assert sink.paths() == ["/in"]
    assert Delivery.objects.get().last_error == "answered 302"


def test_gone_switches_off_at_once_with_one_case_and_a_notice(make: Make, sink: Sink, cast: Cast) -> None:
    make()
    sink.say["/in"] = (410, {}, b"")
    pay("T-1")
    pay("T-2")
    send()
    row = Endpoint.objects.get()
    assert (row.state, row.off_reason, len(sink.got)) == ("disabled", "gone", 1)
    assert Case.objects.get().sentence.endswith("answered 410 Gone and was switched off")
    assert (
        Notice.objects.filter(kind="webhook.disabled").values_list("user__email", flat=True).get()
        == cast.colleague.email
    )
    pay("T-3")  # nothing is planned for what is off
    send()
    later(row)
    assert (len(sink.got), Delivery.objects.count()) == (1, 2)
    sink.say.clear()
    turn_on(by=None, account=row.account, endpoint_id=row.pk)
    send()
    assert [json.loads(one.body)["subject"] for one in sink.got] == ["T-1", "T-1", "T-2"]
    assert Case.objects.get().status == "resolved"
    count = replay_range(
        by=None, account=row.account, endpoint_id=row.pk, since=database_now() - dt.timedelta(hours=1),
        until=database_now(),
    )  # fmt: skip
    send()
    assert count == 3
    assert [json.loads(one.body)["subject"] for one in sink.got][3:] == ["T-1", "T-2", "T-3"]


def test_days_of_failing_switch_off(make: Make, sink: Sink, settings: Any) -> None:
    endpoint, _ = make()
    sink.say["/in"] = (503, {"Retry-After": "4000"}, b"")
    pay("T-1")
    send()
    row = Delivery.objects.get()
    assert row.next_at - row.tries.get().began_at >= dt.timedelta(seconds=4000)
    long_ago = database_now() - dt.timedelta(days=settings.WEBHOOK_FAILING_DAYS, seconds=5)
    Endpoint.objects.update(failing_since=long_ago)
    later(endpoint)
    send()
    assert Endpoint.objects.values_list("state", "off_reason").get() == ("disabled", "failing")
    assert Case.objects.count() == 1


def test_a_drip_that_never_ends_is_cut_at_the_deadline(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    from distportal.webhooks import connecting

    monkeypatch.setattr(connecting, "TRY_SECONDS", 0.3)
    sink.drips.add("/in")
    answer = post(sink.url(), headers={}, body=b"{}", loopback=True)
    assert (answer.status, answer.arrived) == (None, False)
    assert answer.error == "no whole answer within 0.3 seconds"


def test_a_huge_answer_is_read_no_further_than_its_beginning(sink: Sink) -> None:
    sink.say["/in"] = (200, {}, b"x" * 5_000_000)
    answer = post(sink.url(), headers={}, body=b"{}", loopback=True)
    assert (answer.arrived, len(answer.body)) == (True, 16 * 1024)


def test_the_log_holds_heads_without_secrets(make: Make, sink: Sink) -> None:
    make()
    pay("T-1")
    sink.meanwhile = lambda: sink.say.update(
        {
            "/in": (
                200,
                {"Set-Cookie": "s=topsecret", "X-Seen": "yes"},
                sink.got[-1].headers["webhook-signature"].encode(),
            )
        }
    )
    send()
    row = Attempt.objects.get()
    signature = sink.got[0].headers["webhook-signature"]
    assert row.request_head["webhook-id"] == sink.got[0].headers["webhook-id"]
    assert (row.request_head["webhook-signature"], row.response_head["set-cookie"]) == ("…", "…")
    assert row.response_head["x-seen"] == "yes"
    assert signature.partition(",")[2] not in str(vars(row))


def test_both_secrets_sign_while_they_overlap(make: Make, sink: Sink) -> None:
    endpoint, old = make()
    row, new = rotate_secret(by=None, account=endpoint.account, endpoint_id=endpoint.pk)
    with pytest.raises(Conflict):
        rotate_secret(by=None, account=endpoint.account, endpoint_id=endpoint.pk)
    kept = str(vars(row)) + str(vars(Endpoint.objects.get()))
    assert old not in kept
    assert new not in kept
    pay("T-1")
    send()
    assert [fits(sink.got[0], secret) for secret in (old, new)] == [True, True]
    Endpoint.objects.update(old_secret_until=database_now())
    pay("T-2")
    send()
    assert [fits(sink.got[1], secret) for secret in (old, new)] == [False, True]


def test_a_process_that_dies_while_it_sends_sends_again_under_the_same_id(
    make: Make, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As SIGKILL: nothing of ours runs any more."""

    def die(**_: Any) -> None:
        raise Killed

    endpoint, _ = make()
    pay("T-1")
    send_relay_only()
    with monkeypatch.context() as dying:
        dying.setattr(delivering, "record_try", die)
        with pytest.raises(Killed):
            deliver_due(endpoint_id=endpoint.pk)
    assert (len(sink.got), Delivery.objects.get().state, Delivery.objects.get().attempts) == (1, "pending", 1)
    assert deliver_due(endpoint_id=endpoint.pk) == 0  # it belongs to the dead one for a minute
    later(endpoint)
    assert len({one.headers["webhook-id"] for one in sink.got}) == 1
    assert (len(sink.got), Delivery.objects.get().state) == (2, "delivered")


def test_who_replays_while_a_try_is_under_way_is_not_overwritten(make: Make, sink: Sink) -> None:
    endpoint, _ = make()
    sink.say["/in"] = (500, {}, b"")
    pay("T-1")
    send()
    row = Delivery.objects.get()
    stale = Delivery.objects.get()
    replay_delivery(by=None, account=endpoint.account, endpoint_id=endpoint.pk, delivery_id=row.pk)
    sink.say.clear()
    delivering.record_try(
        delivery=stale, began_at=database_now(), headers={"webhook-signature": "v1,x"},
        answer=post(sink.url(), headers={}, body=b"{}", loopback=True),
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 0)


def test_a_test_is_sent_once_also_to_one_that_is_off(make: Make, sink: Sink) -> None:
    endpoint, secret = make()
    turn_off(by=None, account=endpoint.account, endpoint_id=endpoint.pk)
    sink.say["/in"] = (500, {}, b"")
    send_ping(by=None, account=endpoint.account, endpoint_id=endpoint.pk)
    send()
    later(endpoint)
    assert fits(sink.got[0], secret)
    assert json.loads(sink.got[0].body)["type"] == PING
    assert (len(sink.got), Delivery.objects.get().state) == (1, "gave_up")
    assert not Case.objects.exists()


def send_relay_only() -> None:
    """The messages are planned and none is sent."""
    from distportal.events.sweeper import work_lane

    while work_lane("relay"):
        pass
