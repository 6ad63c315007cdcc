"""Upload, follow and collect by HTTPS: stored before 202, once, and nothing of other accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.choices import TransportKind
from edi.models import InboundFile, OutboundFile
from exceptions.models import Case
from tests.at_once import at_once
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

pytestmark = pytest.mark.django_db
FILE = whole(group(po()))
BOTH = (Scope.EDI_READ, Scope.EDI_WRITE)


@pytest.fixture
def key(crestline: Post) -> Callable[..., Client]:
    """A client with a key: of an account, or of the house."""

    def make(account: str = "CRESTLINE", scopes: tuple[str, ...] = BOTH) -> Client:
        owner = Account.objects.get(code=account) if account else None
        _, secret = ApiKey.objects.create_key(name=account or "VAN", account=owner, scopes=list(scopes))
        return Client(headers={"Authorization": f"Api-Key {secret}"})

    return make


def upload(client: Client, content: bytes = FILE, query: str = "?name=po.edi", **headers: str) -> Any:
    return client.post(f"/api/v1/edi/files{query}", data=content, content_type="application/edi-x12", headers=headers)


def test_an_upload_is_stored_answered_and_can_be_followed_to_its_997(key: Callable[..., Client]) -> None:
    client = key()
    answer = upload(client)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["state"], body["name"], body["partner"], body["size"]) == ("stored", "po.edi", "CRESTLINE", len(FILE))
    assert bytes(InboundFile.objects.get(pk=body["id"]).content) == FILE
    work_until_idle()
    status = client.get(body["status_url"]).json()
    [interchange] = status["interchanges"]
    assert (status["state"], interchange["state"], interchange["control_number"]) == ("read", "accepted", "000009001")
    [document] = interchange["documents"]
    assert (document["set_id"], document["control_number"]) == ("850", "0001")
    [ack] = interchange["answers"]
    assert ack["set_id"] == "997"
    assert ack["content"].encode("latin-1") == bytes(OutboundFile.objects.get(name=ack["name"]).content)


def test_findings_and_a_ta1_are_told(key: Callable[..., Client]) -> None:
    client = key()
    bad = upload(client, whole(group(po(unit="??")))).json()
    refused = upload(client, whole(group(po()), number="000009002", receiver="SOMEBODY"), query="?name=b.edi").json()
    work_until_idle()
    [interchange] = client.get(bad["status_url"]).json()["interchanges"]
    assert interchange["documents"][0]["state"] == "invalid"
    assert interchange["documents"][0]["findings"]
    [interchange] = client.get(refused["status_url"]).json()["interchanges"]
    assert (interchange["state"], [a["set_id"] for a in interchange["answers"]]) == ("rejected", ["TA1"])


def test_a_form_is_as_good_as_a_body(key: Callable[..., Client]) -> None:
    form = {"file": SimpleUploadedFile("form.edi", FILE)}
    answer = key().post("/api/v1/edi/files", data=form)
    assert (answer.status_code, answer.json()["name"]) == (202, "form.edi")
    assert bytes(InboundFile.objects.get().content) == FILE


def test_the_same_upload_again_is_the_same_file(key: Callable[..., Client]) -> None:
    client = key()
    first, second = upload(client), upload(client)
    assert first.json()["id"] == second.json()["id"]
    keyed = [upload(client, query="?name=k.edi", **{"Idempotency-Key": "one-two-three"}) for _ in range(2)]
    assert keyed[0].content == keyed[1].content
    assert keyed[1].headers["Idempotent-Replayed"] == "true"
    other = upload(client, FILE + b"\n", query="?name=k.edi", **{"Idempotency-Key": "one-two-three"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert InboundFile.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_ten_times_at_once_is_one_file(key: Callable[..., Client]) -> None:
    client = key()
    answers = at_once(*[partial(upload, client)] * 10)
    assert {a.status_code for a in answers} == {202}
    assert InboundFile.objects.count() == Job.objects.filter(kind="edi.read_file").count() == 1


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_an_empty_file_is_refused(key: Callable[..., Client], content: bytes) -> None:
    answer = upload(key(), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert key().post("/api/v1/edi/files", data={"other": "x"}).status_code == 422
    assert not InboundFile.objects.exists()


def test_a_file_beyond_the_limit_is_refused_unread(key: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi.api.uploads.MOST_BYTES", len(FILE) - 1)
    client = key()
    for _ in range(2):
        answer = upload(client)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    row, case = InboundFile.objects.get(), Case.objects.get()
    assert (row.name, row.size, row.state, bytes(row.content)) == ("po.edi", len(FILE), "refused", b"")
    assert "Its bytes were not kept" in row.problem
    assert (case.kind, case.occurrences, case.data["size"], case.data["file"]) == (
        "edi.too_big", 2, len(FILE), str(row.pk)
    )  # fmt: skip
    assert {"content-length", "content-type"} <= case.data["headers"].keys()
    assert "authorization" not in case.data["headers"], "no key stands in a case"
    assert not Job.objects.filter(kind="edi.read_file").exists()
    [told] = client.get("/api/v1/edi/files").json()["results"]
    assert (told["name"], told["state"]) == ("po.edi", "refused"), "the partner's own system sees it, too"
    monkeypatch.setattr("edi.api.uploads.MOST_BYTES", len(FILE))
    assert upload(client).status_code == 202
    assert InboundFile.objects.get(state="stored").size == len(FILE), "the same name within the limit is a new file"


def test_a_stranger_who_sends_too_much_opens_no_case(
    key: Callable[..., Client], brightway: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi.api.uploads.MOST_BYTES", len(FILE) - 1)
    assert upload(key("BRIGHTWAY"), query="?partner=CRESTLINE").status_code == 404
    assert upload(Client()).status_code == 401
    assert (InboundFile.objects.count(), Case.objects.count()) == (0, 0)


def test_a_stranger_sees_and_stores_nothing(key: Callable[..., Client], brightway: Post) -> None:
    body = upload(key()).json()
    work_until_idle()
    sent = OutboundFile.objects.first()
    assert sent is not None
    stranger = key("BRIGHTWAY")
    assert upload(stranger, query="?partner=CRESTLINE").status_code == 404
    assert stranger.get(body["status_url"]).status_code == 404
    assert stranger.get("/api/v1/edi/files").json()["results"] == []
    assert stranger.get("/api/v1/edi/outbound?delivery=delivered").json()["results"] == []
    assert stranger.get(f"/api/v1/edi/outbound/{sent.pk}/content").status_code == 404
    assert stranger.post(f"/api/v1/edi/outbound/{sent.pk}/fetched").status_code == 404
    assert InboundFile.objects.count() == 1
    assert key("HARBOR").post("/api/v1/edi/files", FILE, content_type="text/plain").status_code == 404, "no partner"


def test_scopes_and_keys_are_asked_for(key: Callable[..., Client]) -> None:
    assert upload(Client()).status_code == 401
    assert upload(key(scopes=(Scope.EDI_READ,))).status_code == 403
    assert key(scopes=(Scope.EDI_WRITE,)).get("/api/v1/edi/files").status_code == 403
    assert key(scopes=(Scope.ORDERS_WRITE,)).get("/api/v1/edi/outbound").status_code == 403
    assert not InboundFile.objects.exists()


def test_a_house_key_names_the_partner(key: Callable[..., Client], brightway: Post) -> None:
    house = key("")
    assert upload(house).status_code == 404
    assert upload(house, query="?partner=CRESTLINE").json()["partner"] == "CRESTLINE"
    assert len(house.get("/api/v1/edi/files").json()["results"]) == 1


def test_a_partner_without_a_server_collects_in_order_and_confirms(key: Callable[..., Client], crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    mailbox.transport = TransportKind.API
    mailbox.save()
    client = key()
    upload(client)
    upload(client, whole(group(po(po_number="PO-10")), number="000009002"), query="?name=2.edi")
    work_until_idle()
    assert crestline.fetched() == {}, "nothing is pushed"
    waiting = client.get("/api/v1/edi/outbound").json()["results"]
    assert [row["sequence"] for row in waiting] == [1, 2]
    for row in waiting:
        file = OutboundFile.objects.get(pk=row["id"])
        answer = client.get(row["content_url"])
        assert (answer.content, answer.headers["Content-Type"]) == (bytes(file.content), "application/edi-x12")
    assert len(client.get("/api/v1/edi/outbound").json()["results"]) == 2, "reading marks nothing"
    done = [client.post(f"/api/v1/edi/outbound/{waiting[0]['id']}/fetched").json() for _ in range(2)]
    assert done[0] == done[1]
    assert done[0]["delivery"] == "delivered"
    [left] = client.get("/api/v1/edi/outbound").json()["results"]
    assert left["id"] == waiting[1]["id"]
    assert OutboundFile.objects.get(pk=waiting[0]["id"]).times_sent == 1


def test_what_goes_another_way_is_not_confirmed_here(key: Callable[..., Client]) -> None:
    client = key()
    upload(client)
    work_until_idle()
    file = OutboundFile.objects.get()
    OutboundFile.objects.update(sent_at=None, delivery="waiting")
    answer = client.post(f"/api/v1/edi/outbound/{file.pk}/fetched")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_do")
    file.refresh_from_db()
    assert file.delivery == "waiting"


def test_a_delivery_that_there_is_not_is_refused_and_none_at_all_means_what_waits(key: Callable[..., Client]) -> None:
    lost = key().get("/api/v1/edi/outbound?delivery=lost")
    assert (lost.status_code, lost.json()["code"]) == (422, "invalid")
    assert key().get("/api/v1/edi/outbound?delivery=").json()["results"] == []
