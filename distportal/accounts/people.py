"""What is done with a company's people: roles, limits, and who is let in."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from distportal.accounts.choices import Role
from distportal.accounts.companies import keep_an_administrator, locked_company, membership_in
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import standings_of
from distportal.accounts.wall import outside_wall


@transaction.atomic
def change_member(
    *, by: User, account: Account, membership_id: UUID, role: Role, order_limit: Decimal | None,
    daily_limit: Decimal | None, monthly_limit: Decimal | None = None,
) -> Membership:  # fmt: skip
    """The person with that role and those limits (in the account's currency; None is no limit).

    Raises NotAllowed, NotFound, or Conflict where the last administrator would get another role.
    """
    company = locked_company(account.pk, by=by, act=Act.MANAGE_USERS)
    row = membership_in(company, membership_id)
    if row.role == Role.ADMIN and row.active and role != Role.ADMIN:
        keep_an_administrator(company, without=row)
    row.role, row.order_limit, row.daily_limit, row.monthly_limit = role, order_limit, daily_limit, monthly_limit
    row.save()
    return row


@transaction.atomic
def take_off(*, by: User, account: Account, membership_id: UUID) -> Membership:
    """The person is not let in at the company any more; where no other company is left, all their sessions end.

    Raises NotAllowed, NotFound, or Conflict for the last administrator.
    """
    company = locked_company(account.pk, by=by, act=Act.MANAGE_USERS)
    row = membership_in(company, membership_id)
    if row.role == Role.ADMIN and row.active:
        keep_an_administrator(company, without=row)
    row.active = False
    row.save()
    with outside_wall():  # whether they have a place at a company that `by` may not know of
        if not row.user.is_staff and not standings_of(row.user):
            end_sessions(row.user)
    return row


@transaction.atomic
def bring_back(*, by: User, account: Account, membership_id: UUID) -> Membership:
    """The person is let in again, as what they were. Raises NotAllowed or NotFound."""
    company = locked_company(account.pk, by=by, act=Act.MANAGE_USERS)
    row = membership_in(company, membership_id)
    row.active = True
    row.save()
    return row


def end_sessions(user: User) -> None:
    """The person is signed out on every device."""
    for session in UserSession.objects.filter(user=user):
        session.end()
