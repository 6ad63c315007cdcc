"""Invitations and the mails that carry them: both or neither; the mail leaves by a job and is tried again."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distportal.accounts.choices import Role
from distportal.accounts.invitations import VALID, invite_person, renew_invitation, token_of
from distportal.accounts.models import Account, Invitation, User
from distportal.accounts.speaking import language_of
from distportal.events.jobs import enqueue_job
from distportal.notices.samples import Sample, add_sample
from distportal.notices.wording import Content, absolute, write

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
    # Who has no sign-in yet is written to in the language of whoever invites them.
    reader = User.objects.filter(email=row.email).first() or row.invited_by
    with translation.override(language_of(reader)):
        written = write(invitation_content(row))
    mail = EmailMultiAlternatives(subject=written.subject, body=written.text, to=[row.email])
    mail.attach_alternative(written.html, "text/html")
    mail.send()
    rows.update(sent_at=timezone.now())
    return True


def invitation_content(row: Invitation) -> Content:
    """The mail of an invitation, in the active language; its link stands in no stored mail."""
    company, rows = row.account.name, [(_("Your role"), row.get_role_display())]
    if row.invited_by:
        rows.append((_("Invited by"), str(row.invited_by)))
    rows.append((_("Good until"), date_format(timezone.localtime(row.expires_at), "j F Y")))
    return Content(
        subject=_("%(company)s invites you to the Northline portal") % {"company": company},
        sentence=_("%(company)s invites you to order, track deliveries and read invoices in the Northline portal.")
        % {"company": company},
        account=company,
        rows=rows,
        action=_("Accept the invitation"),
        action_url=absolute(reverse("join", args=[token_of(row)])),
        reason=_("The link is for you alone. If you do not know this company, do nothing."),
    )


def add_invitation_sample() -> None:
    """The mail on the page of mails, with made-up data."""
    add_sample(Sample("invitation", gettext_lazy("Company"), gettext_lazy("An invitation"), _sample))


def _sample() -> Content:
    row = Invitation(
        email="new@dealer.example", role=Role.BUYER, nonce="made-up", expires_at=timezone.now() + VALID,
        account=Account(code="SAMPLE", name="Sample Hardware"), invited_by=User(name="Sam Sample"),
    )  # fmt: skip
    return invitation_content(row)


def _mail_later(row: Invitation) -> None:
    payload = {"invitation": str(row.pk), "nonce": row.nonce}
    enqueue_job(MAIL_JOB, key=f"{row.pk}:{row.nonce}", payload=payload, share=row.account.code)
