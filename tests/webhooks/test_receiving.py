"""What others post: believed only when signed, kept before it is answered, used once, tried again by a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from distportal.accounts.models import User
from distportal.common.errors import NotAllowed
from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from distportal.webhooks import receiving
from distportal.webhooks.models import Received, Sender
from distportal.webhooks.receiving import keep_event, use_received
from distportal.webhooks.senders import Signing, make_sender, replace_sender_secret
from distportal.webhooks.signing import signature
from exceptions.models import Case
from exceptions.registry import case_kind
from orders.models import Remittance
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PLAIN = Signing(scheme="hmac", signature_header="X-Signature", timestamp_header="X-Timestamp", event_id_at="body:id")


def paid(key: str = "evt_1", *, account: str = "HARBOR", amount: str = "128.45", **more: Any) -> dict[str, Any]:
    data = {"account": account, "reference": f"pi_{key}", "amount": amount, "paid_at": "2026-05-12T10:00:00Z", **more}
    return {"id": key, "type": "payment.succeeded", "data": data}


class Provider:
    """Posts as the sender's manual says."""

    def __init__(self, sender: Sender, secret: str) -> None:
        self.sender, self.secret = sender, secret

    def post(self, event: Any, *, key: str = "evt_1", age: int = 0, secret: str = "", tamper: bytes = b"") -> Any:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        stamp = str(int(database_now().timestamp()) - age)
        if self.sender.scheme == "standard":
            made = signature(secret or self.secret, key, stamp, body)
            headers = {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": made}
        else:
            made = hmac.new((secret or self.secret).encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            headers = {"X-Timestamp": stamp, "X-Signature": f"sha256={made}"}
        path = f"/api/v1/hooks/{self.sender.name}"
        return Client().post(path, body + tamper, content_type="application/json", headers=headers)


@pytest.fixture
def operator(cast: Cast) -> User:
    return User.objects.get(email="operator@northline.example")


@pytest.fixture
def provider(operator: User) -> Provider:
    """A payment provider that signs as Standard Webhooks says."""
    return Provider(*make_sender(by=operator, name="pay", title="Pay Co", kind="payment", signing=Signing()))


@pytest.fixture
def plain(operator: User) -> Provider:
    """One that puts an HMAC into a header of its own."""
    return Provider(*make_sender(by=operator, name="plainpay", title="Plain Pay", kind="payment", signing=PLAIN))


def cases() -> list[tuple[str, str, str]]:
    """What stands at the desk because of senders; money that no invoice was named for is finance's own case."""
    rows = Case.objects.filter(kind="webhook.received").order_by("number")
    return list(rows.values_list("kind", "code", "status"))


@pytest.mark.parametrize("who", ["provider", "plain"])
def test_a_payment_is_kept_then_answered_then_recorded_once(who: str, request: pytest.FixtureRequest) -> None:
    sender: Provider = request.getfixturevalue(who)
    answer = sender.post(paid())
    assert (answer.status_code, answer.json()) == (202, {"event_id": "evt_1", "state": "stored"})
    row = Received.objects.get()
    assert (row.state, json.loads(bytes(row.body))) == ("received", paid())
    assert not Remittance.objects.exists(), "the sender does not wait for that"
    work_until_idle()
    payment = Remittance.objects.get()
    assert (payment.account.code, payment.trace, payment.amount) == ("HARBOR", "pi_evt_1", Decimal("128.45"))
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("used", "payment pi_evt_1 of HARBOR: recorded")
    again = sender.post(paid())
    assert (again.status_code, again.json()["state"]) == (202, "known")
    work_until_idle()
    assert (Received.objects.count(), Remittance.objects.count()) == (1, 1)


def test_a_payment_of_the_evening_is_of_that_day_and_not_of_tomorrow(provider: Provider) -> None:
    provider.post(paid(paid_at="2026-05-13T01:30:00Z"))
    work_until_idle()
    assert Remittance.objects.get().paid_on == dt.date(2026, 5, 12)


def test_what_is_no_json_is_said_in_words(provider: Provider) -> None:
    provider.post(b"{no json")
    work_until_idle()
    row = Received.objects.get()
    assert (row.state, row.outcome.split(":")[0]) == ("failed", "it is no JSON")
    assert "Error" not in row.outcome


@pytest.mark.parametrize("who", ["provider", "plain"])
def test_who_does_not_sign_is_counted_and_leaves_nothing(who: str, request: pytest.FixtureRequest) -> None:
    sender: Provider = request.getfixturevalue(who)
    other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    bad = [
        sender.post(paid(), secret=other), sender.post(paid(), tamper=b" "), sender.post(paid(), age=400),
        sender.post(paid(), age=-400),
        Client().post(f"/api/v1/hooks/{sender.sender.name}", b"{}", content_type="application/json"),
    ]  # fmt: skip
    assert [one.status_code for one in bad] == [401] * 5
    assert "Nothing was kept" in bad[0].json()["detail"]
    sender.sender.refresh_from_db()
    assert (sender.sender.refused, Received.objects.count()) == (5, 0)
    assert sender.post(paid(), age=200).status_code == 202


def test_nobody_posts_to_a_name_that_is_none_or_off(provider: Provider) -> None:
    assert Client().post("/api/v1/hooks/nobody", b"{}", content_type="application/json").status_code == 404
    Sender.objects.update(active=False)
    assert provider.post(paid()).status_code == 404
    assert not Received.objects.exists()


def test_too_much_and_a_full_house_are_refused_before_anything_is_kept(provider: Provider, press: Any) -> None:
    assert provider.post(b'"' + b"x" * (1024 * 1024) + b'"').status_code == 413
    press(Level.PROTECT)
    away = provider.post(paid())
    assert (away.status_code, "Retry-After" in away.headers) == (503, True)
    assert not Received.objects.exists()


def test_other_content_under_a_known_id_is_one_case_and_changes_nothing(provider: Provider) -> None:
    provider.post(paid())
    for _ in range(2):
        assert provider.post(paid(amount="999.00")).status_code == 409
    work_until_idle()
    assert Remittance.objects.get().amount == Decimal("128.45")
    assert cases() == [("webhook.received", "conflict", "new")]


@pytest.mark.parametrize(
    "event",
    [
        b"no json", b"[]", b'{"type": "payment.succeeded"}', b'{"type": "payment.succeeded", "data": []}',
        json.dumps(paid(account="NOBODY")).encode(), json.dumps(paid(amount="NaN")).encode(),
        json.dumps(paid(amount="-1")).encode(), json.dumps(paid(payer="a\x00b")).encode(),
        json.dumps(paid(paid_at="yesterday")).encode(),
        json.dumps(paid(invoices=[{"number": "9", "amount": "500"}])).encode(), b"[" * 50_000,
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_kept_with_one_case(event: bytes, provider: Provider) -> None:
    assert provider.post(event).status_code == 202
    work_until_idle()
    row = Received.objects.get()
    assert (row.state, bytes(row.body)) == ("failed", event)
    assert not Remittance.objects.exists()
    assert cases() == [("webhook.received", "unusable", "new")]
    use_received(received_id=row.pk)
    work_until_idle()
    assert Case.objects.get().occurrences == 1


def test_it_is_tried_again_from_its_case_once_its_cause_is_settled(
    provider: Provider, operator: User, cast: Cast
) -> None:
    provider.post(paid(account="HARBOR-X"))
    work_until_idle()
    case = Case.objects.get()
    (retry,) = [one for one in case_kind(case.kind).actions if one.name == "use_again"]
    assert "no account has the code" in retry.run(case, {}, "", operator)
    cast.harbor.code = "HARBOR-X"
    cast.harbor.save()
    assert retry.run(case, {}, "", operator).startswith("It was used")
    work_until_idle()
    case.refresh_from_db()
    assert (case.status, Remittance.objects.count()) == ("resolved", 1)
    assert retry.run(case, {}, "", operator).endswith(": recorded")  # as it was used the first time
    assert Remittance.objects.count() == 1


def test_a_process_that_dies_while_it_uses_an_event_uses_it_again(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As SIGKILL: nothing of ours runs any more."""

    def die(*_: Any) -> None:
        raise Killed

    provider.post(paid())
    row = Received.objects.get()
    with monkeypatch.context() as dying:
        dying.setattr(receiving, "_settle", die)
        with pytest.raises(Killed):
            use_received(received_id=row.pk)
    assert not Remittance.objects.exists(), "it went with its transaction"
    work_until_idle()
    row.refresh_from_db()
    assert (row.state, Remittance.objects.count()) == ("used", 1)


def test_both_secrets_count_for_a_day(provider: Provider, operator: User) -> None:
    _, new = replace_sender_secret(by=operator, sender_id=provider.sender.pk)
    assert provider.post(paid()).status_code == 202
    assert provider.post(paid("evt_2"), key="evt_2", secret=new).status_code == 202
    Sender.objects.update(old_secret_until=database_now())
    assert provider.post(paid("evt_3"), key="evt_3").status_code == 401
    kept = Sender.objects.get()
    assert provider.secret not in str(vars(kept))


def test_operators_make_senders_and_try_events_again(cast: Cast, typed_in: Callable[[User], Client]) -> None:
    client = typed_in(User.objects.get(email="operator@northline.example"))
    form = {"name": "pay", "title": "Pay Co", "kind": "payment", "scheme": "standard", "secret": ""}
    shown = client.post("/webhooks/senders/make/", form)
    assert shown.headers["Cache-Control"] == "no-store"
    provider = Provider(Sender.objects.get(), shown.context["secret"])
    at = f"/webhooks/senders/{provider.sender.pk}/"
    provider.post(paid(account="HARBOR-X"))
    work_until_idle()
    page = main_of(client.get(at).content.decode())
    assert "no account has the code HARBOR-X" in page
    assert provider.secret not in page + client.get("/webhooks/senders/").content.decode()
    cast.harbor.code = "HARBOR-X"
    cast.harbor.save()
    row = Received.objects.get()
    client.post(f"{at}events/{row.pk}/")
    row.refresh_from_db()
    assert row.state == "used"
    assert client.post(f"{at}events/{uuid.uuid4()}/").status_code == 404
    client.post(f"{at}switch/", {"on": "no"})
    assert provider.post(paid("evt_2"), key="evt_2").status_code == 404
    bad = {**form, "name": "other", "scheme": "hmac", "signature_header": "X-Signature", "event_id_at": "id"}
    told = client.post("/webhooks/senders/make/", bad, follow=True).content.decode()
    assert "Say where the event" in told
    assert Sender.objects.count() == 1
    assert signed_in(cast.colleague).get("/webhooks/senders/").status_code == 403


def test_an_old_secret_key_can_be_retired(provider: Provider, settings: Any) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough for everybody"
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal_edi_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert provider.post(paid()).status_code == 202


def test_dealers_make_no_senders(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        make_sender(by=cast.colleague, name="x", title="X", kind="payment", signing=Signing())
    assert not Sender.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_event(operator: User) -> None:
    sender, _ = make_sender(by=operator, name="pay", title="Pay Co", kind="payment", signing=Signing())
    body = json.dumps(paid()).encode()

    def keep() -> str:
        return keep_event(sender=sender, event_id="evt_1", body=body, content_type="application/json")

    assert sorted(at_once(keep, keep)) == ["known", "stored"]
    row = Received.objects.get()

    def use() -> str:
        return use_received(received_id=row.pk).state

    assert at_once(use, use) == ["used", "used"]
    assert Remittance.objects.count() == 1
