"""The partner pages: staff read and switch, nobody else gets in, and the list stays cheap."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distportal.accounts.models import Account
from edi.models import Mailbox, Onboarding, StageChange, TradingPartner
from edi.process.partner_files import export_partner
from orders.models import Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SAMPLE = whole(group(po()), sender="NEWBUYER", usage="T")


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.agent)


def upload(client: Client, *contents: bytes) -> str:
    """Where the uploaded samples are shown."""
    files = [SimpleUploadedFile("po.edi", content) for content in contents]
    reply = client.post(reverse("edi:new_partner"), {"files": files})
    assert reply.status_code == 302, reply.content
    return str(reply["Location"])


def test_from_samples_to_a_partner_in_test(
    desk: Client, cast: Cast, catalogue: SandboxProcess, edi_root: object
) -> None:
    address = upload(desk, SAMPLE, SAMPLE.replace(b"850", b"852"))
    page = desk.get(address)
    assert page.status_code == 200
    assert [gap["what"] for gap in page.context["blocking"]] == ["852"]
    assert page.context["code"] == "NEWBUYER"
    tried = desk.get(reverse("edi:try_samples", args=[Onboarding.objects.get().pk]), {"account": "CRESTLINE"})
    assert "The order would be accepted." in tried.content.decode()
    bad = desk.post(address, {"account": "CRESTLINE", "name": "New Buyer", "code": "../x"})
    assert (bad.status_code, TradingPartner.objects.count()) == (422, 0)
    assert desk.post(address, {"account": "NOBODY", "name": "New Buyer", "code": "NB"}).status_code == 404
    made = desk.post(address, {"account": "CRESTLINE", "name": "New Buyer", "code": "NEWBUYER"})
    assert made["Location"] == reverse("edi:partner", args=["NEWBUYER"])
    partner = TradingPartner.objects.get()
    assert (partner.usage, partner.account) == ("T", Account.objects.get(code="CRESTLINE"))
    assert "In test" in desk.get(made["Location"]).content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", bytes(range(256)) * 10])
def test_what_is_no_sample_is_refused_with_a_sentence(desk: Client, content: bytes) -> None:
    reply = desk.post(reverse("edi:new_partner"), {"files": SimpleUploadedFile("<b>.edi", content or b" ")})
    assert (reply.status_code, Onboarding.objects.count()) == (422, 0)
    assert "<script>alert" not in reply.content.decode()


def test_the_switch_has_a_name_and_refuses_what_is_open(desk: Client, crestline: Post, cast: Cast) -> None:
    TradingPartner.objects.update(usage="T")
    address = reverse("edi:change_stage", args=["CRESTLINE"])
    desk.post(address, {"to": "live", "reason": "go"})
    assert TradingPartner.objects.get().usage == "T"
    desk.post(address, {"to": "live", "reason": "", "override": "on"})
    assert TradingPartner.objects.get().usage == "T"
    desk.post(address, {"to": "live", "reason": "agreed by phone", "override": "on"})
    change = StageChange.objects.get()
    assert (TradingPartner.objects.get().usage, change.reason) == ("P", "agreed by phone")
    assert cast.agent.email in change.by
    assert "agreed by phone" in desk.get(reverse("edi:partner", args=["CRESTLINE"])).content.decode()
    desk.post(address, {"to": "test", "reason": "wrong units"})
    assert TradingPartner.objects.get().usage == "T"


def test_a_rehearsal_without_a_test_order_is_refused_in_words(desk: Client, crestline: Post) -> None:
    reply = desk.post(reverse("edi:rehearse", args=["CRESTLINE", "asn"]), follow=True)
    assert "no test order that was accepted" in reply.content.decode()
    assert desk.post(reverse("edi:rehearse", args=["CRESTLINE", "nonsense"])).status_code == 404
    assert desk.get(reverse("edi:rehearse", args=["CRESTLINE", "asn"])).status_code == 405


def test_a_partner_file_is_shown_before_it_is_taken(desk: Client, crestline: Post) -> None:
    out = desk.get(reverse("edi:export_partner", args=["CRESTLINE"]))
    assert out["Content-Disposition"] == 'attachment; filename="crestline.partner.json"'
    data = json.loads(out.content)
    next(row for row in data["agreements"] if row["set_id"] == "850")["error_policy"] = "reject_group"
    shown = desk.post(
        reverse("edi:import_partner"), {"file": SimpleUploadedFile("p.json", json.dumps(data).encode())}
    )  # fmt: skip
    assert [(c.place, c.old, c.new) for c in shown.context["changes"]] == [
        ("agreements in 850: error_policy", "reject_set", "reject_group")
    ]
    agreed = crestline.partner.agreements.get(set_id="850")
    assert agreed.error_policy == "reject_set"
    desk.post(reverse("edi:import_partner"), {"content": shown.context["content"], "apply": "1"})
    agreed.refresh_from_db()
    assert agreed.error_policy == "reject_group"
    bad = desk.post(reverse("edi:import_partner"), {"file": SimpleUploadedFile("p.json", b"{}")})
    assert bad.status_code == 422


def test_nobody_but_the_team_gets_in(cast: Cast, crestline: Post, desk: Client) -> None:
    sample = upload(desk, SAMPLE)
    TradingPartner.objects.update(usage="T")
    pages = [
        reverse("edi:partners"), reverse("edi:new_partner"), reverse("edi:import_partner"), sample, f"{sample}try/",
        reverse("edi:partner", args=["CRESTLINE"]), reverse("edi:export_partner", args=["CRESTLINE"]),
    ]  # fmt: skip
    posts = [
        reverse("edi:change_stage", args=["CRESTLINE"]), reverse("edi:rehearse", args=["CRESTLINE", "asn"]), sample,
        reverse("edi:import_partner"), reverse("edi:new_partner"),
    ]  # fmt: skip
    stranger, finance, visitor = signed_in(cast.stranger), signed_in(cast.finance), Client()
    data = {"to": "live", "reason": "me", "override": "on", "apply": "1"}
    data["content"] = json.dumps(export_partner(crestline.partner))
    read = {reverse("edi:partners"), reverse("edi:partner", args=["CRESTLINE"])}
    for client, status in ((stranger, 403), (finance, 403), (visitor, 302)):
        for address in pages:
            wanted = 200 if client is finance and address in read else status
            assert client.get(address).status_code == wanted, address
        for address in posts:
            assert client.post(address, data).status_code == status, address
    assert (TradingPartner.objects.get().usage, StageChange.objects.count()) == ("T", 0)


def test_the_list_asks_as_often_for_many_as_for_few(desk: Client, crestline: Post, brightway: Post) -> None:
    asked = []
    for number in (0, 8):
        for n in range(number):
            account = Account.objects.get(code="CRESTLINE")
            row = TradingPartner.objects.create(
                code=f"P{n}", name=f"P {n}", account=account, their_id=f"P{n}", our_id="X"
            )
            Mailbox.objects.create(partner=row, path=f"p{n}")
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(reverse("edi:partners"))
        assert len(page.context["rows"]) == 2 + number
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert [r.partner.code for r in desk.get(reverse("edi:partners") + "?q=bright").context["rows"]] == ["BRIGHTWAY"]
    assert desk.get(reverse("edi:partner", args=["NOBODY"])).status_code == 404
