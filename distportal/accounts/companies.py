"""What all changes of a company's people begin with: its row locked, and the person who asks judged anew."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act, standings_of
from distportal.common.errors import Conflict, NotAllowed, NotFound


def locked_company(account_id: UUID, *, by: User, act: Act) -> Account:
    """The account, locked until the transaction ends, for somebody who may do the act there: changes of one company
    come one after the other, and each finds the rights that the one before left. Our own staff may.

    Raises NotAllowed where the person may not, or not any more.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    if by.is_staff:
        return account
    require_act(user=by, account_id=account_id, act=act)
    if by.standing is None or by.standing.visit is None:
        now = next((s for s in standings_of(by) if s.account.pk == account_id), None)
        if now is None or not now.may(act):
            raise NotAllowed(_("Your role was changed a moment ago and does not include this. Nothing was changed."))
    return account


@transaction.atomic
def require_second_factor(*, by: User, account: Account, required: bool) -> Account:
    """Whether the account's people need a second factor before they see anything. Raises NotAllowed."""
    company = locked_company(account.pk, by=by, act=Act.MANAGE_SECURITY)
    company.mfa_required = required
    company.save()
    return company


def membership_in(account: Account, membership_id: UUID) -> Membership:
    """The membership of that account. Raises NotFound for one of another account, too."""
    row = Membership.objects.filter(account=account, pk=membership_id).select_related("user").first()
    if row is None:
        raise NotFound(_("This person is not one of your company. Nothing was changed."))
    return row


def keep_an_administrator(account: Account, *, without: Membership) -> None:
    """Raises Conflict where the account, or its parent for it, would have no administrator left who can sign in."""
    owners = [account.pk, account.parent_id] if account.parent_id else [account.pk]
    others = Membership.objects.filter(account__in=owners, role=Role.ADMIN, active=True, user__is_active=True)
    if not others.exclude(pk=without.pk).exists():
        raise Conflict(
            _(
                "%(person)s is the last administrator of %(company)s. Make somebody else an administrator first. "
                "Nothing was changed."
            )
            % {"person": without.user, "company": account.name}
        )
