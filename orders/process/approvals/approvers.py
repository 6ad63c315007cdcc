"""Who may agree: people of the role or the one who is named, whoever stands in for them, and never the buyer alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.permissions import ROLES, Act
from distportal.accounts.speaking import zone_of
from distportal.events.clock import database_now
from orders.models import ApprovalAbsence

AGREEING = [role for role, acts in ROLES.items() if Act.APPROVE_ORDERS in acts]
STANDING_IN = [role for role, acts in ROLES.items() if Act.PLACE_ORDERS in acts]
"""Who may be somebody's deputy: whoever orders, though their role alone would not let them approve."""


@dataclass(frozen=True, slots=True)
class People:
    """Those of a company who may approve at all, by role, and who stands in for whom today."""

    roles: Mapping[UUID, str]
    users: Mapping[UUID, User]
    deputies: Mapping[UUID, UUID]

    def asked(self, reason: Mapping[str, Any], *, buyer: UUID | None) -> set[UUID]:
        """Who is asked for one reason: the named one or all of the role, and their deputies, without the buyer. Where
        that leaves too few, all who may agree.
        """
        own = self._own(reason) - {buyer}
        return own if len(own) >= reason["needed"] else self.may_agree(reason, buyer=buyer)

    def may_agree(self, reason: Mapping[str, Any], *, buyer: UUID | None) -> set[UUID]:
        """Whose yes counts: those who are asked, and administrators, unless somebody is named who is there."""
        own = self._own(reason)
        if not reason.get("approver") or not own:
            own = own | {pk for pk, role in self.roles.items() if role == Role.ADMIN}
        return own - {buyer}

    def _own(self, reason: Mapping[str, Any]) -> set[UUID]:
        named = UUID(reason["approver"]) if reason.get("approver") else None
        if named is not None:
            return self._with_deputies({named} & set(self.roles))
        return self._with_deputies({pk for pk, role in self.roles.items() if role == reason["role"]})

    def names(self, people: Collection[UUID]) -> list[str]:
        """Their names, in order."""
        return sorted(str(self.users[pk]) for pk in people)

    def _with_deputies(self, people: set[UUID]) -> set[UUID]:
        return people | {deputy for pk in people if (deputy := self.deputies.get(pk))}


NOBODY = People(roles={}, users={}, deputies={})


def account_today(account: Account) -> dt.date:
    """The day that it is for the company, by its own calendar."""
    return database_now().astimezone(ZoneInfo(zone_of(account))).date()


def approvers_now(account: Account) -> People:
    """Who may approve today."""
    return people_of(account, today=account_today(account))


def people_of(account: Account, *, today: dt.date) -> People:
    """The company's approvers now, in two queries."""
    absences = ApprovalAbsence.objects.filter(account=account, until_on__gte=today)
    deputies = dict(absences.values_list("user_id", "deputy_id"))
    rows = Membership.objects.filter(account=account, active=True, user__is_active=True)
    deputising = Q(role__in=STANDING_IN, user__in=set(deputies.values()))
    rows = rows.filter(Q(role__in=AGREEING) | deputising).select_related("user")
    members = list(rows.order_by("user__name", "pk"))
    there = {row.user_id for row in members}
    return People(
        roles={row.user_id: row.role for row in members if row.role in AGREEING},
        users={row.user_id: row.user for row in members},
        deputies={away: deputy for away, deputy in deputies.items() if deputy in there},
    )


def settled(reason: Mapping[str, Any], agreed: Collection[UUID], people: People, *, buyer: UUID | None) -> bool:
    """Whether enough of those who may agree to the reason have."""
    return len(people.may_agree(reason, buyer=buyer) & set(agreed)) >= int(reason["needed"])


def waits_for(
    reasons: Sequence[Mapping[str, Any]], agreed: Collection[UUID], people: People, *, buyer: UUID | None
) -> set[UUID]:
    """Who is asked and has not said yes."""
    open_ones = [reason for reason in reasons if not settled(reason, agreed, people, buyer=buyer)]
    return {pk for reason in open_ones for pk in people.asked(reason, buyer=buyer)} - set(agreed)


def able_to_help(
    reasons: Sequence[Mapping[str, Any]], agreed: Collection[UUID], people: People, *, buyer: UUID | None
) -> set[UUID]:
    """Whose yes would bring the request further, asked or not."""
    open_ones = [reason for reason in reasons if not settled(reason, agreed, people, buyer=buyer)]
    return {pk for reason in open_ones for pk in people.may_agree(reason, buyer=buyer)} - set(agreed)
