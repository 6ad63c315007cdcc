"""What proves a dispute comes by API as it does by the portal: cleaned, limited, used once, nobody else's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Scope
from distportal.accounts.models import Account, ApiKey
from distportal.events.models import IdempotencyKey
from distportal.uploads.models import StoredFile
from orders.choices import DisputeStatus
from orders.models import Dispute, Invoice
from orders.process.dispute_work import ask_dealer, take_dispute
from tests.conftest import Cast
from tests.orders.money import an_invoice
from tests.threads.saying import a_pdf, a_picture

pytestmark = pytest.mark.django_db


class Sender:
    """Sends files and claims with a key; each request under a key of its own unless told."""

    def __init__(self, account: str = "", name: str = "ERP of Harbor") -> None:
        owner = Account.objects.get(code=account) if account else None
        self.key, secret = ApiKey.objects.create_key(name=name, account=owner, channel="api", scopes=list(Scope))
        self.http = Client(headers={"Authorization": f"Api-Key {secret}"})

    def file(self, file: Any = None, *, once: str = "", query: str = "", **more: Any) -> Any:
        told = {"file": file or a_picture()} if file is not False else {}
        return self.http.post(f"/api/v1/files{query}", told, headers=self._once(once), **more)

    def claim(self, invoice: str = "INV-1", *, once: str = "", **told: Any) -> Any:
        body = {"invoice": invoice, "reason": "damaged", "note": "Crushed", "lines": [{"position": 1}], **told}
        return self.post("disputes", body, once=once)

    def post(self, path: str, body: Any, *, once: str = "") -> Any:
        return self.http.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=self._once(once)
        )  # fmt: skip

    def _once(self, once: str) -> dict[str, str]:
        return {"Idempotency-Key": once or uuid.uuid4().hex}


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """Of Harbor, two lines of one piece."""
    today = timezone.localdate()
    return an_invoice(cast.harbor, "INV-1", "100.00", "20.00", issued_on=today, due_on=today)


@pytest.fixture
def harbor(cast: Cast) -> Sender:
    return Sender("HARBOR")


def line(position: int, *photos: str) -> dict[str, Any]:
    return {"position": position, "photos": list(photos)}


def test_damaged_goods_are_disputed_with_a_photo_of_each_line(harbor: Sender, invoice: Invoice) -> None:
    sent = [harbor.file(a_picture(f"{name}.png")) for name in ("vase", "lamp")]
    assert [one.status_code for one in sent] == [201, 201]
    assert (sent[0].json()["name"], sent[0].json()["media_type"]) == ("vase.png", "image/png")
    vase, lamp = (one.json()["id"] for one in sent)
    short = harbor.claim(lines=[line(1, vase), line(2)])
    assert (short.status_code, short.json()["code"]) == (422, "dispute_refused")
    assert "a photo of 2 is needed" in short.json()["detail"]
    assert short.json()["evidence"] == [{"item": "photo", "field": "photos", "position": 2}]
    assert [one["position"] for one in harbor.claim(lines=[line(1), line(2)]).json()["evidence"]] == [1, 2]
    assert (Dispute.objects.count(), StoredFile.objects.filter(used=True).count()) == (0, 0)
    paper = harbor.file(a_pdf("note.pdf")).json()["id"]
    more = [{"item": "proof", "files": [paper]}]
    told = {"lines": [line(1, vase), line(2, lamp)], "evidence": more}
    opened = harbor.claim(once="claim-0001", **told)
    assert (opened.status_code, opened.json()["amount_claimed"]) == (201, "120.00")
    assert opened.json()["evidence"] == [
        {"item": "photo", "there": ["1: vase.png", "2: lamp.png"]}, {"item": "proof", "there": ["note.pdf"]},
    ]  # fmt: skip
    assert harbor.claim(once="claim-0001", **told).json() == opened.json()
    IdempotencyKey.objects.filter(key="claim-0001").delete()  # the answer was lost with the process
    assert harbor.claim(once="claim-0001", **told).json()["number"] == opened.json()["number"]
    row = Dispute.objects.get()
    assert (row.evidence_ready, row.evidence.count(), row.channel) == (True, 3, "api")
    assert StoredFile.objects.filter(used=True).count() == 3


def test_a_file_is_kept_once_and_its_key_is_for_it_alone(harbor: Sender) -> None:
    first = harbor.file(once="photo-0001")
    again = harbor.file(once="photo-0001")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (201, first.json(), "true")
    IdempotencyKey.objects.all().delete()  # the answer was lost with the process
    assert harbor.file(once="photo-0001").json() == first.json()
    other = harbor.file(a_picture("other.png"), once="photo-0001")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    row = StoredFile.objects.get()
    assert (row.client, row.uploaded_by, row.used) == (harbor.key.identity, None, False)


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (SimpleUploadedFile("page.html", b"<script>alert(1)</script>"), 422, "unusable_file"),
        (SimpleUploadedFile("broken.png", a_picture().read()[:60]), 422, "unusable_file"),
        (SimpleUploadedFile("huge.png", b"\x89PNG" + b"0" * (5 * 1024 * 1024)), 422, "unusable_file"),
        (False, 422, "unusable_file"),
    ],
)
def test_what_the_portal_would_not_keep_is_not_kept(harbor: Sender, file: Any, status: int, code: str) -> None:
    answer = harbor.file(file)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not StoredFile.objects.exists()


def test_a_file_that_is_too_big_is_refused_by_its_length_and_one_without_a_key_too(harbor: Sender) -> None:
    big = harbor.file(CONTENT_LENGTH=11 * 1024 * 1024)
    assert (big.status_code, big.json()["code"]) == (413, "too_big")
    bare = harbor.http.post("/api/v1/files", {"file": a_picture()})
    assert bare.status_code == 422
    assert not StoredFile.objects.exists()


def test_nobody_uses_the_file_of_another_company_or_of_another_client(
    harbor: Sender, cast: Cast, invoice: Invoice
) -> None:
    own, crm, summit = harbor.file().json()["id"], Sender(name="CRM"), Sender("SUMMIT", "ERP of Summit")
    theirs = summit.file(query="?account=SUMMIT").json()["id"]
    assert summit.file(query="?account=HARBOR").status_code == 404
    assert (crm.file().status_code, crm.file(query="?account=HARBOR").status_code) == (422, 201)
    for sender, photo in ((harbor, theirs), (crm, own), (harbor, str(uuid.uuid4()))):
        refused = sender.claim(lines=[line(1, photo)])
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert summit.claim(lines=[line(1, theirs)]).status_code == 404, "the invoice is Harbor's"
    assert not Dispute.objects.exists()
    assert harbor.claim(lines=[line(1, own)]).status_code == 201
    used = harbor.claim(reason="wrong_item", lines=[{"position": 2}], evidence=[{"item": "photo", "files": [own]}])
    assert used.status_code == 404, "it proves the first dispute"
    number = f"D-{Dispute.objects.get().number}"
    more = {"evidence": [{"item": "proof", "files": [theirs]}]}
    assert summit.post(f"disputes/{number}/evidence", more).status_code == 404
    assert harbor.post(f"disputes/{number}/evidence", more).status_code == 404
    assert Dispute.objects.get().evidence.count() == 1


@pytest.mark.parametrize(
    ("told", "why", "evidence"),
    [
        (
            {"reason": "late", "evidence": [{"item": "photo", "files": [str(uuid.uuid4())]}]}, "photo proves nothing",
            [{"item": "proof", "field": "files"}, {"item": "agreed_day", "field": "text"}],
        ),
        (
            {"evidence": [{"item": "photo", "files": [str(uuid.uuid4())]}]}, "with their lines",
            [{"item": "photo", "field": "photos", "position": 1}],
        ),
        (
            {"reason": "wrong_item", "evidence": [{"item": "code", "files": [str(uuid.uuid4())]}]}, "is said in words",
            [{"item": "code", "field": "text"}],
        ),
        (
            {"reason": "wrong_item", "evidence": [{"item": "photo", "text": "red"}]}, "photo is a file",
            [{"item": "photo", "field": "files"}],
        ),
    ],
)  # fmt: skip
def test_what_proves_nothing_of_such_a_claim_is_told_with_what_would(
    harbor: Sender, invoice: Invoice, told: Any, why: str, evidence: Any
) -> None:
    refused = harbor.claim(**told)
    assert (refused.status_code, why in refused.json()["detail"]) == (422, True), refused.json()
    assert refused.json()["evidence"] == evidence
    assert not Dispute.objects.exists()


def test_what_finance_asks_is_answered_by_api_once(harbor: Sender, cast: Cast, invoice: Invoice) -> None:
    said = [{"item": "code", "text": "XX-77 on the label"}]
    number = harbor.claim(reason="wrong_item", evidence=said).json()["number"]
    row = Dispute.objects.get()
    soon = timezone.localdate() + dt.timedelta(days=3)
    take_dispute(dispute_id=row.pk, user=cast.finance)
    ask_dealer(dispute_id=row.pk, question="A photo, please", remind_on=soon, user=cast.finance)
    photo = harbor.file().json()["id"]
    more = {"answer": "Here it is", "evidence": [{"item": "photo", "files": [photo]}]}
    for _ in range(2):
        told = harbor.post(f"disputes/{number}/evidence", more, once="answer-001")
        IdempotencyKey.objects.filter(key="answer-001").delete()
    assert (told.status_code, told.json()["status"]) == (200, "in_review")
    assert told.json()["evidence"] == [
        {"item": "photo", "there": ["box.png"]}, {"item": "code", "there": ["XX-77 on the label"]},
    ]  # fmt: skip
    row.refresh_from_db()
    assert (row.evidence_ready, row.entries.filter(text="Here it is").count()) == (True, 1)
    empty = harbor.post(f"disputes/{number}/evidence", {})
    asked = [{"item": "photo", "field": "files"}, {"item": "code", "field": "text"}]
    assert (empty.status_code, empty.json()["evidence"]) == (422, asked)
    Dispute.objects.update(status=DisputeStatus.REJECTED)
    late = harbor.post(f"disputes/{number}/evidence", {"evidence": said})
    assert (late.status_code, late.json()["code"], "evidence" in late.json()) == (422, "dispute_refused", False)


def test_so_many_files_may_wait_and_no_more(harbor: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distportal.uploads.sent_ahead.MOST_WAITING", 1)
    assert harbor.file(once="photo-0001").status_code == 201
    full = harbor.file(once="photo-0002")
    assert (full.status_code, full.json()["code"]) == (409, "too_many_files")
    assert harbor.file(once="photo-0001").status_code == 201, "a repeat is no other file"
    StoredFile.objects.update(used=True)
    assert harbor.file(once="photo-0002").status_code == 201
