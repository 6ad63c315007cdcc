"""Administrators look after their own webhooks, operators after all; strangers find nothing; a secret is shown once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.models import User
from distportal.common.errors import NotAllowed
from distportal.webhooks.endpoints import make_endpoint, turn_off
from distportal.webhooks.models import Delivery, Endpoint
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.webhooks.conftest import Make
from tests.webhooks.happening import fits, pay, send
from tests.webhooks.sink import Sink

pytestmark = pytest.mark.django_db
TypedIn = Callable[[User], Client]


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return main_of(answer.content.decode())


def test_an_administrator_makes_tests_changes_and_reads_the_log(cast: Cast, sink: Sink, typed_in: TypedIn) -> None:
    admin = typed_in(cast.colleague)
    form = {"name": "Our ERP", "url": sink.url(), "event_types": ["remittance.recorded", "order.accepted"]}
    shown = admin.post("/company/webhooks/make/", form)
    assert shown.headers["Cache-Control"] == "no-store"
    secret, row = shown.context["secret"], Endpoint.objects.get()
    assert (row.account, row.made_by) == (cast.harbor, cast.colleague)
    at = f"/company/webhooks/{row.pk}/"
    assert secret in main_of(shown.content.decode())
    assert secret not in page_of(admin, "/company/webhooks/") + page_of(admin, at)
    again = admin.post("/company/webhooks/make/", form, follow=True).content.decode()
    assert "There is a webhook for this address already" in again
    assert admin.post(f"{at}test/").status_code == 302
    pay("T-1")
    send()
    assert [fits(one, secret) for one in sink.got] == [True, True]
    log = page_of(admin, at)
    assert "remittance.recorded" in log
    assert "webhook.ping" in log
    assert "HTTP 200" in log
    message = Delivery.objects.get(event_type="remittance.recorded")
    admin.post(f"{at}again/{message.pk}/")
    moment = timezone.localtime()
    hour = dt.timedelta(hours=1)
    told = {"since": (moment - hour).strftime("%Y-%m-%dT%H:%M"), "until": (moment + hour).strftime("%Y-%m-%dT%H:%M")}
    admin.post(f"{at}again/", told)
    send()
    assert sink.paths() == ["/in"] * 3
    admin.post(f"{at}change/", {**form, "url": sink.url("/other"), "event_types": ["order.accepted"]})
    admin.post(f"{at}switch/", {"on": "no"})
    row.refresh_from_db()
    assert (row.url, row.event_types, row.state) == (sink.url("/other"), ["order.accepted"], "disabled")
    assert admin.post(f"{at}change/", {**form, "event_types": ["case.opened"]}).status_code == 422
    renewed = admin.post(f"{at}secret/").context["secret"]
    assert renewed != secret


def test_an_open_session_makes_nothing_until_the_password_is_typed(cast: Cast, sink: Sink) -> None:
    form = {"name": "Our ERP", "url": sink.url(), "event_types": ["order.accepted"]}
    answer = signed_in(cast.colleague).post("/company/webhooks/make/", form)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert not Endpoint.objects.exists()


def test_a_private_address_is_refused_in_words(cast: Cast, typed_in: TypedIn) -> None:
    form = {"name": "Inside", "url": "https://169.254.169.254/latest", "event_types": ["order.accepted"]}
    told = typed_in(cast.colleague).post("/company/webhooks/make/", form, follow=True).content.decode()
    assert "We send to public addresses only" in told
    assert not Endpoint.objects.exists()


def test_strangers_find_nothing_and_who_may_not_is_refused(make: Make, cast: Cast, typed_in: TypedIn) -> None:
    endpoint, _ = make()
    house, _ = make("/house", account=None)
    pay("T-1")
    send()
    message = endpoint.deliveries.get()
    summit = cast.stranger.memberships.get()
    summit.role = "admin"
    summit.save()
    stranger, ours = typed_in(cast.stranger), typed_in(cast.colleague)
    own, _ = make("/summit", account=summit.account.code)
    for client, row in ((stranger, endpoint), (stranger, house), (ours, house), (ours, own)):
        at = f"/company/webhooks/{row.pk}/"
        assert client.get(at).status_code == 404
        for what in ("change", "secret", "switch", "test", "again", f"again/{message.pk}"):
            assert client.post(f"{at}{what}/", {"on": "no"}).status_code == 404, what
    assert stranger.post(f"/company/webhooks/{own.pk}/again/{message.pk}/").status_code == 404
    assert signed_in(cast.buyer).get(f"/company/webhooks/{endpoint.pk}/").status_code == 403
    assert signed_in(cast.colleague).get("/webhooks/").status_code == 403
    for who in (cast.buyer, cast.stranger):
        with pytest.raises(NotAllowed):
            turn_off(by=who, account=cast.harbor, endpoint_id=endpoint.pk)
    with pytest.raises(NotAllowed):
        make_endpoint(
            by=cast.colleague, account=None, name="x", url="https://hooks.example.com/", event_types=["order.accepted"]
        )
    assert set(Endpoint.objects.values_list("state", flat=True)) == {"active"}


def test_operators_look_after_all_of_them(make: Make, sink: Sink, cast: Cast, typed_in: TypedIn) -> None:
    endpoint, _ = make("/harbor")
    make("/summit", account="SUMMIT")
    operator = typed_in(User.objects.get(email="operator@northline.example"))
    every = page_of(operator, "/webhooks/")
    assert "Till /harbor" in every
    assert "Till /summit" in every
    assert "Till /summit" not in page_of(operator, "/webhooks/?q=HARBOR")
    sink.say["/harbor"] = (410, {}, b"")
    pay("T-1")
    send()
    at = f"/webhooks/{endpoint.pk}/"
    assert "It answered 410 Gone" in page_of(operator, at)
    sink.say.clear()
    operator.post(f"{at}switch/", {"on": "yes"})
    send()
    assert sink.paths() == ["/harbor", "/harbor"]
    shown = operator.post(
        "/webhooks/make/", {"name": "CRM", "url": sink.url("/crm"), "event_types": ["order.accepted"]}
    )
    assert Endpoint.objects.get(name="CRM").account is None
    assert "whsec_" in main_of(shown.content.decode())


def test_the_catalogue_names_every_event_with_schema_and_example(cast: Cast) -> None:
    buyer = signed_in(cast.buyer)
    told = page_of(buyer, "/api/events/")
    assert "order.accepted" in told
    assert "&quot;specversion&quot;: &quot;1.0&quot;" in told
    schema = Client().get("/api/events/order.accepted/schema")
    assert (schema.status_code, schema.json()["title"]) == (200, "OrderTold")
    assert Client().get("/api/events/case.opened/schema").status_code == 404
    assert Client().get("/api/events/").status_code == 302
