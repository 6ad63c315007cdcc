"""The transport part of a partner's page, and its buttons."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from distportal.accounts.models import User
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.models import As2Message, Certificate
from edi.process.oversize import Oversize, note_big_upload
from exceptions.models import Case
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post

pytestmark = pytest.mark.django_db


def page(post: Post) -> str:
    """The partner's page, as an operator sees it."""
    return signed_in(operator()).get(reverse("edi:partner", args=[post.partner.code])).content.decode()


def operator() -> User:
    return User.objects.get(email="operator@northline.example")


def test_an_operator_tests_the_connection_and_reads_what_was_found(crestline: Post) -> None:
    mailbox = crestline.partner.mailbox
    assert "never tried" in page(crestline)
    client = signed_in(operator())
    answer = client.post(f"/edi/mailboxes/{mailbox.pk}/check/", {"back": "/edi/?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/edi/?x=1")
    assert "being tried now" in page(crestline)
    work_until_idle()
    assert "The folder can be read and written; 0 files wait" in page(crestline)


def test_a_failed_mailbox_says_why_and_is_tried_at_once(crestline: Post) -> None:
    from edi.process.mailboxes import poll_mailboxes

    crestline.root.parent.mkdir(parents=True, exist_ok=True)
    crestline.root.write_text("in the way")
    poll_mailboxes()
    assert "Its inbox cannot be read since" in page(crestline)
    crestline.root.unlink()
    signed_in(operator()).post(f"/edi/mailboxes/{crestline.partner.mailbox.pk}/try/")
    work_until_idle()
    assert "Its inbox cannot be read since" not in page(crestline)


def test_a_button_leads_to_no_other_site(crestline: Post) -> None:
    path = f"/edi/mailboxes/{crestline.partner.mailbox.pk}/check/"
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert signed_in(operator()).post(path, {"back": target}).headers["Location"] == "/edi/"


def test_only_operators_may_and_only_by_post(crestline: Post, cast: Cast) -> None:
    path = f"/edi/mailboxes/{crestline.partner.mailbox.pk}/check/"
    assert signed_in(cast.buyer).post(path).status_code == 403
    assert signed_in(cast.agent).post(path).status_code == 403
    assert signed_in(operator()).get(path).status_code == 405
    assert not Job.objects.filter(kind="edi.check_mailbox").exists()


def test_the_partners_page_tells_what_waits_its_certificates_and_last_messages(crestline: Post, cast: Cast) -> None:
    mailbox = crestline.partner.mailbox
    assert "0 wait" in page(crestline)
    mailbox.transport, mailbox.settings = "as2", {"our_id": "NORTHLINE", "their_id": "CRESTLINE"}
    mailbox.save()
    assert "No certificate" in page(crestline)
    begins, ends = timezone.now(), timezone.now() + dt.timedelta(days=90)
    Certificate.objects.create(
        partner=crestline.partner, holder="theirs", use="both", pem="x", subject="CN=as2.crestline.example",
        fingerprint="ab" * 32, valid_from=begins, valid_until=ends, from_at=begins,
    )  # fmt: skip
    As2Message.objects.create(
        mailbox=mailbox, direction="in", as2_from="CRESTLINE", as2_to="NORTHLINE", message_id="<7@crestline>",
        state="failed", body=b"", sha256="", disposition="413", problem="Refused while it came", correlation_id=uuid4(),
    )  # fmt: skip
    shown = page(crestline)
    assert "CN=as2.crestline.example" in shown
    assert "&lt;7@crestline&gt;" in shown
    assert "Refused while it came" in shown
    assert "Test the connection" in shown
    seen = signed_in(cast.agent).get(reverse("edi:partner", args=["CRESTLINE"])).content.decode()
    assert "CN=as2.crestline.example" in seen
    assert "Test the connection" not in seen, "no button that would be refused"


def test_what_was_too_big_stands_on_the_partners_page_and_has_a_page_without_bytes(crestline: Post) -> None:
    came = Oversize(name="huge.edi", size=300_000_000, most=268_435_456, headers={})
    row = note_big_upload(mailbox=crestline.partner.mailbox, came=came)
    shown = page(crestline)
    address = reverse("edi:file", args=[row.pk])
    assert address in shown
    assert "300,000,000 bytes where at most 268,435,456 bytes are taken" in shown
    of_file = signed_in(operator()).get(address).content.decode()
    assert "Its bytes were not kept" in of_file
    assert "the download has all" not in of_file
    case = Case.objects.get()
    assert address in signed_in(operator()).get(reverse("desk:case", args=[case.number])).content.decode()
