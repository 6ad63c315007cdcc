"""For which company a person acts now, as what, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from distportal.accounts.choices import Role, VisitKind
from distportal.accounts.models import Account, Membership, User, Visit
from distportal.accounts.permissions import ON_BEHALF, READING, ROLES, Act
from distportal.common.errors import NotAllowed
from distportal.common.prepared import PreparedRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One company that a person may act for. `by_parent`: as an administrator of its parent company; `visit`: as one of
    our own people, seeing and doing what a person there may.
    """

    account: Account
    role: str
    acts: frozenset[Act]
    by_parent: bool = False
    visit: Visit | None = None

    @property
    def role_name(self) -> str:
        """The role as people call it."""
        return str(Role(self.role).label)

    def may(self, act: str) -> bool:
        """Whether the act is among those allowed."""
        return act in self.acts


def _children(parents: list[UUID]) -> QuerySet[Account]:
    return Account.objects.filter(parent__in=parents).select_related("parent", "calendar")


# Every request of a dealer's person asks for these.
_MEMBERSHIPS = PreparedRows(
    lambda pk: Membership.objects.filter(user=pk, active=True).select_related("account__parent", "account__calendar")
)
_CHILDREN = PreparedRows(lambda pk: _children([pk]))


def standings_of(user: User) -> list[Standing]:
    """All companies the person may act for, by name: own ones, and children of those where they are administrator."""
    found = {m.account_id: Standing(account=m.account, role=m.role, acts=ROLES[m.role]) for m in _MEMBERSHIPS(user.pk)}
    ruled = [pk for pk, standing in found.items() if standing.role == Role.ADMIN]
    if ruled:
        for child in _CHILDREN(ruled[0]) if len(ruled) == 1 else _children(ruled):
            found[child.pk] = Standing(account=child, role=Role.ADMIN, acts=ROLES[Role.ADMIN], by_parent=True)
    return sorted(found.values(), key=lambda standing: (standing.account.name, standing.account.code))


def visit_standing(visit: Visit) -> Standing | None:
    """Where one of our people stands during a visit: as the dealer's person, whose role is asked now, and with no more
    than the kind of visit allows. None for a visit that is over or whose person is not let in any more.
    """
    if visit.ended_at is not None or visit.ends_at <= timezone.now() or not visit.staff.is_staff:
        return None
    row = Membership.objects.filter(user=visit.person, account=visit.account, active=True, user__is_active=True).first()
    if row is None:
        return None
    most = ON_BEHALF if visit.kind == VisitKind.ORDER else READING
    return Standing(account=visit.account, role=row.role, acts=ROLES[row.role] & most, visit=visit)


def signed_name(user: User) -> str:
    """How a person's acts are signed: `Ana Reyes`, or `Ana Reyes on behalf of Bea Harbor` during a visit."""
    visit = user.standing.visit if user.standing else None
    return f"{user.name} on behalf of {visit.person.name}" if visit else user.name


def signed_email(user: User) -> str:
    """As `signed_name`, by e-mail addresses: what events and histories hold."""
    visit = user.standing.visit if user.standing else None
    return f"{user.email} on behalf of {visit.person.email}" if visit else user.email


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
