"""Sessions that have run out are of no use to anybody; invitations leave by mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.accounts.personal import DataClass
from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep
from distportal.web.company.inviting import MAIL_JOB, mail_invitation

keep(
    Retention(
        name="sessions",
        table="django_session",
        clock="expire_date",
        key="session_key",
        age="expire_date",
        days=1,
        data_class=DataClass.TRACE,
    )
)
keep(
    Retention(
        name="sign_ins",
        table="usersessions_usersession",
        age="""CASE WHEN kept.last_seen_at >= %(before)s OR NOT EXISTS (
                 SELECT FROM django_session s WHERE s.session_key = kept.session_key) THEN kept.last_seen_at END""",
        days=30,
        data_class=DataClass.TRACE,
    )
)


@job_handler(MAIL_JOB, lane="webhooks", max_attempts=8)
def mail_invitation_job(payload: Mapping[str, Any]) -> None:
    """Send one invitation."""
    mail_invitation(invitation_id=UUID(payload["invitation"]), nonce=payload["nonce"])
