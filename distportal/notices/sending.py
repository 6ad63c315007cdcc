"""Bring one mail to the mail server: outside of any transaction, and never held up by another address."""

from __future__ import annotations

import smtplib
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from distportal.common.network_words import network_words
from distportal.events.clock import database_now
from distportal.events.errors import NotDead, RetryLater
from distportal.events.jobs import enqueue_job
from distportal.events.registry import DeadWork, dead_sinks, tell_settled
from distportal.notices.choices import MailState
from distportal.notices.enclosures import enclosed
from distportal.notices.mailing import SEND_JOB
from distportal.notices.models import Mail, NoticeSettings
from distportal.observability.correlation import correlation_id

log = structlog.get_logger(__name__)
MOST_TRIES = 8
SERVER_AWAY = 60.0
SET_UP_AGAIN = 300.0
"""Seconds between tries where the server is away or refuses our credentials: no try is burnt by it."""


def send_mail(*, mail_id: UUID, attempt: int = 1) -> MailState:
    """What became of the mail. Its words and its Message-ID are those of the first try: whoever got it before, because
    we ended between the server's yes and our note of it, sees one message. Raises RetryLater.
    """
    mail = Mail.objects.get(pk=mail_id)
    if mail.state not in MailState.OPEN:
        return MailState(mail.state)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENDING)
    try:
        _message(mail).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (550, b""))
        return _refused(mail, code, _words(text), attempt)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
        raise RetryLater(f"{error.smtp_code} {_words(error.smtp_error)}", after=SET_UP_AGAIN, counts=False) from error
    except smtplib.SMTPResponseException as error:
        return _refused(mail, error.smtp_code, _words(error.smtp_error), attempt, address=False)
    except (smtplib.SMTPException, OSError) as error:
        raise RetryLater(f"the mail server: {network_words(error)}", after=SERVER_AWAY, counts=False) from error
    except ValueError as error:  # an address or subject that cannot be put into a header
        return _refused(mail, 550, str(error), attempt)
    _sent(mail)
    return MailState.SENT


@transaction.atomic
def _sent(mail: Mail) -> None:
    """`error` is only there where the mail had been given up: somebody had it sent again, and the address works."""
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=database_now(), error="")
    if mail.error and mail.user_id:
        NoticeSettings.objects.filter(user_id=mail.user_id, refused_email=mail.to_email).update(refused_email="")
    if mail.error:
        tell_settled("mail", str(mail.pk))


@transaction.atomic
def send_mail_again(*, mail_id: UUID) -> Mail:
    """The refused mail goes out once more, with the same words under the same Message-ID. Raises NotDead."""
    mail = _given_up(mail_id)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.PENDING)
    enqueue_job(SEND_JOB, key=str(mail.pk), payload={"mail": str(mail.pk)})
    return mail


@transaction.atomic
def discard_mail(*, mail_id: UUID) -> Mail:
    """The refused mail is never sent. Raises NotDead."""
    mail = _given_up(mail_id)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.DISCARDED)
    return mail


def _given_up(mail_id: UUID) -> Mail:
    given_up = (MailState.FAILED, MailState.DISCARDED)
    mail = Mail.objects.select_for_update(of=("self",), no_key=True).filter(pk=mail_id, state__in=given_up).first()
    if mail is None:
        raise NotDead("it is tried again already, or sent; nothing was done twice")
    return mail


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{mail.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"}
    headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to_email], headers=headers)
    message.attach_alternative(mail.html, "text/html")
    if paper := enclosed(mail.enclosure):
        message.attach(paper.name, paper.content, paper.media_type)
    return message


def _refused(mail: Mail, code: int, text: str, attempt: int, *, address: bool = True) -> MailState:
    """A passing refusal is tried again, a lasting one ends the mail; `address`: it was the address that was refused."""
    told = f"{code} {text}".strip()
    if code < 500 and attempt < MOST_TRIES:
        raise RetryLater(told)
    log.warning("mail.refused", mail=str(mail.pk), reason=told)
    _give_up(mail, told, address=address)
    return MailState.FAILED


@transaction.atomic
def _give_up(mail: Mail, told: str, *, address: bool) -> None:
    Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error=told[:500])
    if address and mail.user_id:
        found = {"refused_email": mail.to_email, "refused_reason": told[:300], "refused_at": database_now()}
        NoticeSettings.objects.update_or_create(user_id=mail.user_id, defaults=found)
    dead = DeadWork(
        source="mail",
        kind=mail.kind,
        subject_type="mail",
        subject_id=str(mail.pk),
        error=told,
        correlation_id=str(correlation_id()),
        data={"to": mail.to_email, "subject": mail.subject},
    )
    for sink in dead_sinks():
        sink(dead)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
