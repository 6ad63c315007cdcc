"""Mails on a real mail server: refused, put off, away, and ended in the middle."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone

from distportal.accounts.models import User
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.notices.choices import MailState
from distportal.notices.kinds import Told
from distportal.notices.mailing import mail_notice
from distportal.notices.models import Mail, Notice, NoticeSettings
from distportal.notices.preferences import try_address_again
from distportal.notices.sending import send_mail
from distportal.notices.telling import tell
from tests.conftest import Cast
from tests.distportal.notices.conftest import Postbox

pytestmark = pytest.mark.django_db


def tell_of(cast: Cast, what: str, *people: User) -> None:
    facts = {"what": what, "po": "PO-1 <b>&</b>"}
    tell(kind="test.news", key=what, told=Told(account=cast.harbor, facts=facts, path="/orders/7/", people=people))


def test_both_formats_arrive_with_links_back_and_a_way_out(cast: Cast, postbox: Postbox) -> None:
    tell_of(cast, "Rain & wind", cast.buyer)
    work_until_idle()
    (message,) = postbox.taken
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert (message["To"], message["Subject"]) == (cast.buyer.email, "Rain & wind happened")
    assert "http://localhost:8000/orders/7/" in text
    assert 'href="http://localhost:8000/orders/7/"' in html
    assert "Your PO: PO-1 <b>&</b>" in text
    assert "PO-1 &lt;b&gt;&amp;&lt;/b&gt;" in html
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip(" <>") in text.replace("\n", "")
    assert Mail.objects.get().state == MailState.SENT


def test_a_refused_address_holds_up_nobody_and_is_not_asked_again(cast: Cast, postbox: Postbox) -> None:
    postbox.refusals[cast.buyer.email] = ["550 no such mailbox"]
    tell_of(cast, "Rain")
    work_until_idle()
    assert {m["To"] for m in postbox.taken} == {cast.colleague.email}
    failed = Mail.objects.get(user=cast.buyer)
    assert (failed.state, failed.error) == (MailState.FAILED, "550 no such mailbox")
    assert not Job.objects.exclude(state="done").exists(), "no case, no dead job: the address is to blame"
    tell_of(cast, "Snow", cast.buyer)
    work_until_idle()
    assert Mail.objects.filter(user=cast.buyer).count() == 1
    assert NoticeSettings.objects.get(user=cast.buyer).refused_reason == "550 no such mailbox"
    postbox.refusals.clear()
    try_address_again(user=cast.buyer)
    tell_of(cast, "Hail", cast.buyer)
    work_until_idle()
    assert [m["Subject"] for m in postbox.to(cast.buyer.email)] == ["Hail happened"]


def test_a_full_mailbox_is_tried_again(cast: Cast, postbox: Postbox) -> None:
    postbox.refusals[cast.buyer.email] = ["452 mailbox full", "250 OK"]
    tell_of(cast, "Rain", cast.buyer)
    work_until_idle()
    postbox.refusals.clear()
    Job.objects.filter(state="ready").update(next_at=timezone.now())
    work_until_idle()
    assert (len(postbox.to(cast.buyer.email)), Mail.objects.get().state) == (1, MailState.SENT)


def test_with_the_server_away_mails_wait_and_burn_no_try(cast: Cast, postbox: Postbox, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tell_of(cast, "Rain", cast.buyer)
    for _ in range(3):
        work_until_idle()
        Job.objects.filter(kind="notices.send_mail").update(next_at=timezone.now())
    job = Job.objects.get(kind="notices.send_mail")
    assert (job.attempts, job.state, postbox.taken) == (0, "ready", [])
    settings.EMAIL_PORT = port
    work_until_idle()
    assert [m["Subject"] for m in postbox.taken] == ["Rain happened"]


def test_ended_between_the_servers_yes_and_our_note_it_is_one_message_to_its_reader(
    cast: Cast, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    real = EmailMultiAlternatives.send

    def sent_and_killed(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        real(self)
        raise Killed

    tell_of(cast, "Rain", cast.buyer)
    mail = mail_notice(notice_id=Notice.objects.get().pk)
    assert mail
    monkeypatch.setattr(EmailMultiAlternatives, "send", sent_and_killed)
    with pytest.raises(Killed):
        send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING
    monkeypatch.undo()
    assert send_mail(mail_id=mail.pk) == MailState.SENT
    assert send_mail(mail_id=mail.pk) == MailState.SENT
    assert len(postbox.taken) == 2
    assert {m["Message-ID"] for m in postbox.taken} == {f"<{mail.pk}@northline.example>"}
    assert len({m.get_body(("html",)).get_content() for m in postbox.taken}) == 1  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(
    cast: Cast, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    real = smtplib.SMTP.connect

    def connect(self: smtplib.SMTP, *args: Any, **kwargs: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(smtplib.SMTP, "connect", connect)
    tell_of(cast, "Rain", cast.buyer)
    work_until_idle()
    assert (seen, len(postbox.taken)) == ([False], 1)


def test_an_address_that_no_header_can_hold_ends_that_mail_alone(cast: Cast, postbox: Postbox) -> None:
    User.objects.filter(pk=cast.buyer.pk).update(email="a\nBcc: b@x.example")
    tell_of(cast, "Rain")
    work_until_idle()
    assert {m["To"] for m in postbox.taken} == {cast.colleague.email}
    assert Mail.objects.get(user=cast.buyer).state == MailState.FAILED
