"""Operators set transports and certificates up in the back office; secrets never come out again."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from distportal.accounts.models import User
from edi.models import Certificate, Mailbox
from edi.transports.sealing import unseal_all
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.test_partner_admin import filled
from tests.edi.transports.as2.keys import make_pair

pytestmark = pytest.mark.django_db
ADD = "admin:edi_certificate_add"
PAIR = make_pair("portal")


@pytest.fixture
def operator(cast: Cast) -> Client:
    return signed_in(User.objects.get(email="operator@northline.example"))


def certificate(**more: object) -> dict[str, object]:
    return {"use": "both", "from_at_0": "2026-11-25", "from_at_1": "00:00", **more}


def test_an_sftp_mailbox_is_set_up_and_its_password_is_sealed(operator: Client, crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    path = reverse("admin:edi_tradingpartner_change", args=[crestline.partner.pk])
    form = filled(**{
        "mailbox-INITIAL_FORMS": "1", "mailbox-0-id": str(mailbox.pk), "mailbox-0-partner": str(crestline.partner.pk),
        "mailbox-0-transport": "sftp", "mailbox-0-password": "correct horse",
        "agreements-TOTAL_FORMS": "0", "deadline_rules-TOTAL_FORMS": "0",
        "mailbox-0-settings": '{"host": "sftp.crestline.example", "username": "nl", "host_key": "ssh-ed25519 AAAA"}',
    })  # fmt: skip
    answer = operator.post(path, form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    row = Mailbox.objects.get()
    assert (row.transport, unseal_all(row.secret)) == ("sftp", {"password": "correct horse"})
    assert "correct horse" not in row.secret
    assert b"correct horse" not in operator.get(path).content
    operator.post(path, {**form, "mailbox-0-password": ""})
    assert unseal_all(Mailbox.objects.get().secret) == {"password": "correct horse"}, "left empty, it is kept"


def test_every_field_of_the_back_office_is_as_wide_as_its_place(operator: Client, crestline: Post) -> None:
    """A widget without a class has a width of its own, and the page is wider than a phone then."""
    for path in (reverse("admin:edi_tradingpartner_change", args=[crestline.partner.pk]), reverse(ADD)):
        page = operator.get(path).content.decode()
        fields = re.findall(r"<(?:textarea|select|input type=\"password\")[^>]*>", page)
        assert len(fields) > 3
        assert [field for field in fields if "class=" not in field] == []


def test_settings_that_do_not_fit_are_refused(operator: Client, crestline: Post) -> None:
    path = reverse("admin:edi_tradingpartner_change", args=[crestline.partner.pk])
    form = filled(**{
        "mailbox-INITIAL_FORMS": "1", "mailbox-0-id": str(crestline.partner.mailbox.pk),
        "mailbox-0-partner": str(crestline.partner.pk), "mailbox-0-transport": "as2", "mailbox-0-settings": "{}",
    })  # fmt: skip
    answer = operator.post(path, form)
    assert (answer.status_code, b"their_id is missing" in answer.content) == (200, True)
    assert Mailbox.objects.get().transport == "folder"


def test_certificates_are_uploaded_theirs_and_ours(operator: Client, crestline: Post) -> None:
    pem = SimpleUploadedFile("c.pem", make_pair("partner").certificate.public_bytes(Encoding.PEM))
    answer = operator.post(reverse(ADD), certificate(holder="theirs", partner=crestline.partner.pk, upload=pem))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    content = pkcs12.serialize_key_and_certificates(
        b"x", PAIR.key, PAIR.certificate, None, BestAvailableEncryption(b"secret")
    )
    p12 = SimpleUploadedFile("c.p12", content)
    answer = operator.post(reverse(ADD), certificate(holder="ours", upload=p12, password="secret"))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    theirs, ours = Certificate.objects.order_by("-holder")
    assert (theirs.subject, theirs.sealed_key, theirs.partner) == ("CN=partner", "", crestline.partner)
    assert (ours.subject, ours.partner, ours.sealed_key > "") == ("CN=portal", None, True)
    page = operator.get(reverse("admin:edi_certificate_change", args=[ours.pk])).content
    assert b"PRIVATE KEY" not in page
    assert ours.sealed_key.encode() not in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"holder": "theirs"}, "Say whose it is"),
        ({"holder": "ours"}, "Choose the file"),
        ({"holder": "ours", "upload": b"junk"}, "cannot be opened"),
    ],
)
def test_what_cannot_be_used_is_refused(operator: Client, form: dict[str, object], words: str) -> None:
    if "upload" in form:
        form = {**form, "upload": SimpleUploadedFile("x.p12", bytes(form["upload"]))}  # type: ignore[call-overload]
    elif form["holder"] == "theirs":
        form = {**form, "upload": SimpleUploadedFile("c.pem", PAIR.certificate.public_bytes(Encoding.PEM))}
    answer = operator.post(reverse(ADD), certificate(**form))
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not Certificate.objects.exists()


def test_nobody_else_sees_certificates(cast: Cast) -> None:
    for user in (cast.agent, cast.finance, cast.buyer):
        assert signed_in(user).get(reverse(ADD)).status_code in (302, 403)
