"""The transport part of a partner's page, and its buttons."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from distportal.accounts.models import User
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.queries.transport_facts import transport_facts
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post

pytestmark = pytest.mark.django_db


def page(post: Post) -> str:
    request = RequestFactory().get("/edi/partners/CRESTLINE/")
    return render_to_string("edi/ops/_partner_transport.html", transport_facts(post.partner), request)


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
