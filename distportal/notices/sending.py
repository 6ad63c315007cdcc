"""Bring one mail to the mail server: outside of any transaction, and never held up by another address."""

from __future__ import annotations

import smtplib
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.notices.choices import MailState
from distportal.notices.models import Mail, NoticeSettings

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
        raise RetryLater(f"the mail server: {error}", after=SERVER_AWAY, counts=False) from error
    except ValueError as error:  # an address or subject that cannot be put into a header
        return _refused(mail, 550, str(error), attempt)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=database_now(), error="")
    return MailState.SENT


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{mail.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"}
    headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to_email], headers=headers)
    message.attach_alternative(mail.html, "text/html")
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


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
