"""Asking somebody to join a company, and their answer."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.companies import locked_company
from distportal.accounts.models import Account, Invitation, Membership, User
from distportal.accounts.permissions import Act
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound

VALID = dt.timedelta(days=7)
_SALT = "accounts.invitation"


@transaction.atomic
def invite_person(*, by: User, account: Account, email: str, role: Role) -> Invitation:
    """An open invitation of the address, in lower case. Raises NotAllowed, or Conflict for somebody who is in already
    or has an open invitation.
    """
    company, email = locked_company(account.pk, by=by, act=Act.MANAGE_USERS), email.strip().lower()
    if Membership.objects.filter(account=company, user__email=email, active=True).exists():
        raise Conflict(_("%(email)s is one of your people already. Nobody was invited.") % {"email": email})
    if _open(company).filter(email=email).exists():
        raise Conflict(
            _("%(email)s was invited already: send that invitation again instead. Nobody was invited twice.")
            % {"email": email}
        )
    return Invitation.objects.create(
        account=company, email=email, role=role, invited_by=by, nonce=secrets.token_hex(16),
        expires_at=timezone.now() + VALID,
    )  # fmt: skip


@transaction.atomic
def renew_invitation(*, by: User, account: Account, invitation_id: UUID) -> Invitation:
    """The invitation with a new term; the links of earlier mails end. Raises NotAllowed, or NotFound for one that is
    not open.
    """
    row = _open_one(locked_company(account.pk, by=by, act=Act.MANAGE_USERS), invitation_id)
    row.nonce, row.expires_at, row.sent_at = secrets.token_hex(16), timezone.now() + VALID, None
    row.save()
    return row


@transaction.atomic
def withdraw_invitation(*, by: User, account: Account, invitation_id: UUID) -> Invitation:
    """The invitation cannot be accepted any more. Raises NotAllowed, or NotFound for one that is not open."""
    row = _open_one(locked_company(account.pk, by=by, act=Act.MANAGE_USERS), invitation_id)
    row.withdrawn_at = timezone.now()
    row.save()
    return row


def token_of(invitation: Invitation) -> str:
    """What the link in the mail holds: nobody without our secret key can make one up."""
    return signing.dumps([str(invitation.pk), invitation.nonce], salt=_SALT)


def invitation_behind(token: str) -> Invitation:
    """The invitation that can be accepted by the link. Raises NotFound for an unknown, an overtaken and a withdrawn
    link, Conflict for one that was used or has expired.
    """
    return _usable(Invitation.objects.select_related("account"), token)


@transaction.atomic
def accept_invitation(*, token: str, user: User | None = None, name: str = "", password: str = "") -> Membership:
    """The person is one of the company. Without a `user` one is made with that name and password.

    Raises as `invitation_behind`; NotAllowed for another person's invitation, and where the address has a sign-in that
    was not used; Invalid for a name or password that will not do (`data["fields"]`).
    """
    row = _usable(Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("account"), token)
    if user is None:
        user = _new_person(row.email, name.strip(), password)
    elif user.email.lower() != row.email:
        raise NotAllowed(_("This invitation is for %(email)s. Nothing was changed.") % {"email": row.email})
    # Who has the link reads the mail of that address.
    EmailAddress.objects.update_or_create(
        user_id=user.pk, email=row.email, defaults={"verified": True, "primary": True}
    )
    row.accepted_at = timezone.now()
    row.save()
    known = Membership.objects.filter(user_id=user.pk, account=row.account, active=True).first()
    if known is not None:
        return known  # somebody who was let in again in the meantime stays what they are
    return Membership.objects.update_or_create(
        user_id=user.pk, account=row.account, defaults={"role": row.role, "active": True}
    )[0]


def _new_person(email: str, name: str, password: str) -> User:
    if User.objects.filter(email=email).exists():
        raise NotAllowed(
            _("%(email)s has a sign-in: sign in with it to accept. Nothing was changed.") % {"email": email}
        )
    fields: dict[str, list[str]] = {}
    if not name:
        fields["name"] = [_("Tell us your name.")]
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        fields["password"] = list(error.messages)
    if fields:
        raise Invalid(_("Please mend what is marked. Nothing was changed."), fields=fields)
    return User.objects.create_user(email, password, name=name)


def _open(account: Account) -> QuerySet[Invitation]:
    return Invitation.objects.filter(account=account, accepted_at=None, withdrawn_at=None)


def _open_one(account: Account, invitation_id: UUID) -> Invitation:
    row = _open(account).filter(pk=invitation_id).first()
    if row is None:
        raise NotFound(_("This invitation is not open any more. Nothing was changed."))
    return row


def _usable(rows: QuerySet[Invitation], token: str) -> Invitation:
    try:
        pk, nonce = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        pk, nonce = None, ""
    row = rows.filter(pk=pk, nonce=nonce, withdrawn_at=None).first()
    if row is None:
        raise NotFound(_("This link is not good any more: a newer one was sent, or the invitation was withdrawn."))
    if row.accepted_at is not None:
        raise Conflict(_("This invitation was used already. Sign in to go on."))
    if row.expires_at <= timezone.now():
        raise Conflict(_("This invitation has expired. Ask an administrator of the company to send it again."))
    return row
