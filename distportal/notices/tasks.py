"""What notices do by themselves: hear events, write mails, send them, and forget what is old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.accounts.personal import DataClass
from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep
from distportal.notices.choices import Plan
from distportal.notices.kinds import listen
from distportal.notices.mailing import SEND_JOB, mail_gathered, mail_notice
from distportal.notices.sending import send_mail
from distportal.notices.telling import GATHER_JOB, INSTANT_JOB, take_event

listen(take_event)
keep(Retention(name="notices", table="notices_notice", age="created_at", days=90, data_class=DataClass.CONTENT))
keep(
    Retention(
        name="mails",
        table="notices_mail",
        clock="created_at",
        age="CASE WHEN NOT EXISTS (SELECT FROM notices_notice n WHERE n.mail_id = kept.id) THEN kept.created_at END",
        days=90,
        data_class=DataClass.CONTACT,
    )
)


@job_handler(INSTANT_JOB, lane="mail")
def mail_notice_job(payload: Mapping[str, Any]) -> None:
    """Write the mail of one notice."""
    mail_notice(notice_id=payload["notice"])


@job_handler(GATHER_JOB, lane="mail")
def mail_gathered_job(payload: Mapping[str, Any]) -> None:
    """Write the one mail of many notices."""
    mail_gathered(user_id=UUID(payload["user"]), plan=Plan(payload["plan"]), slot=payload["slot"])


@job_handler(SEND_JOB, lane="mail", max_attempts=20, hands_over=True)
def send_mail_job(payload: Mapping[str, Any]) -> None:
    """Bring one mail to the mail server."""
    send_mail(mail_id=UUID(payload["mail"]), attempt=payload.get("_attempt", 1))
