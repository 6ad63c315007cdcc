"""For which company a person acts now, as what, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.permissions import ROLES, Act
from distportal.common.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One company that a person may act for. `by_parent`: as an administrator of its parent company."""

    account: Account
    role: str
    acts: frozenset[Act]
    by_parent: bool = False

    def may(self, act: str) -> bool:
        """Whether the act is among those allowed."""
        return act in self.acts


def standings_of(user: User) -> list[Standing]:
    """All companies the person may act for, by name: own ones, and children of those where they are administrator."""
    rows = Membership.objects.filter(user=user, active=True).select_related("account")
    found = {m.account_id: Standing(account=m.account, role=m.role, acts=ROLES[m.role]) for m in rows}
    ruled = [pk for pk, standing in found.items() if standing.role == Role.ADMIN]
    if ruled:
        for child in Account.objects.filter(parent__in=ruled):
            found[child.pk] = Standing(account=child, role=Role.ADMIN, acts=ROLES[Role.ADMIN], by_parent=True)
    return sorted(found.values(), key=lambda standing: (standing.account.name, standing.account.code))


def acts_of(user: User, account_id: UUID) -> frozenset[Act]:
    """What the person may do at the account; nothing where they have no place there."""
    if user.standing is not None:
        return user.standing.acts if user.standing.account.pk == account_id else frozenset()
    if not user.is_active:
        return frozenset()
    return next((s.acts for s in standings_of(user) if s.account.pk == account_id), frozenset())


def require_act(*, user: User, account_id: UUID, act: Act) -> None:
    """Raises NotAllowed where the person's role at the account does not include the act; processes call it."""
    if act not in acts_of(user, account_id):
        raise NotAllowed(_("Your role at this company does not include this. Nothing was changed."), act=str(act))
