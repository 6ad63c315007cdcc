"""Invitations and the mails that carry them: both or neither; the mail leaves by a job and is tried again."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.invitations import invite_person, renew_invitation, token_of
from distportal.accounts.models import Account, Invitation, User
from distportal.events.jobs import enqueue_job

MAIL_JOB = "web.mail_invitation"


@transaction.atomic
def invite(*, by: User, account: Account, email: str, role: Role) -> Invitation:
    """The invitation, and its mail on its way. Raises as `invite_person`."""
    row = invite_person(by=by, account=account, email=email, role=role)
    _mail_later(row)
    return row


@transaction.atomic
def invite_again(*, by: User, account: Account, invitation_id: UUID) -> Invitation:
    """The invitation with a new link, and its mail on its way. Raises as `renew_invitation`."""
    row = renew_invitation(by=by, account=account, invitation_id=invitation_id)
    _mail_later(row)
    return row


def mail_invitation(*, invitation_id: UUID, nonce: str) -> bool:
    """Whether the mail left now: not for an invitation that was answered, withdrawn or sent anew, nor a second time."""
    rows = Invitation.objects.filter(
        pk=invitation_id, nonce=nonce, accepted_at=None, withdrawn_at=None, sent_at=None
    ).select_related("account", "invited_by")
    row = rows.first()
    if row is None:
        return False
    link = settings.PUBLIC_URL.rstrip("/") + reverse("join", args=[token_of(row)])
    context = {"invitation": row, "link": link}
    mail = EmailMultiAlternatives(
        subject=_("%(company)s invites you to the Northline portal") % {"company": row.account.name},
        body=render_to_string("web/company/mail/invitation.txt", context),
        to=[row.email],
    )
    mail.attach_alternative(render_to_string("web/company/mail/invitation.html", context), "text/html")
    mail.send()
    rows.update(sent_at=timezone.now())
    return True


def _mail_later(row: Invitation) -> None:
    payload = {"invitation": str(row.pk), "nonce": row.nonce}
    enqueue_job(MAIL_JOB, key=f"{row.pk}:{row.nonce}", payload=payload, share=row.account.code)
