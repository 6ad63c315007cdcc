"""What a company says of its own approvals: its rules, and who stands in for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.common.errors import Invalid, NotFound
from orders.choices import ApprovalTrigger
from orders.models import ApprovalAbsence, ApprovalRule
from orders.process.approvals.approvers import AGREEING, STANDING_IN, account_today


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRule:
    """A rule as somebody asks for it; `amount` in the company's currency."""

    trigger: ApprovalTrigger
    amount: Decimal | None = None
    families: Sequence[str] = ()
    role: str = Role.APPROVER
    approver: User | None = None
    needed: int = 1
    own_allowed: bool = False
    covers_keys: bool = False


@transaction.atomic
def add_rule(*, account: Account, user: User, wanted: WantedRule) -> ApprovalRule:
    """The rule, in force from now on; requests that wait keep the reasons they were asked for. Raises NotAllowed, and
    Invalid for a rule that says nothing or that nobody could satisfy.
    """
    require_act(user=user, account_id=account.pk, act=Act.MANAGE_APPROVALS)
    if wanted.trigger in ApprovalTrigger.WITH_AMOUNT and (wanted.amount is None or wanted.amount <= 0):
        raise Invalid(gettext("Say above which amount; nothing was saved."))
    families = [family.strip() for family in wanted.families if family.strip()]
    if wanted.trigger == ApprovalTrigger.FAMILY and not families:
        raise Invalid(gettext("Name at least one family of items; nothing was saved."))
    if not 1 <= wanted.needed <= 5:
        raise Invalid(gettext("From one to five people can be asked for; nothing was saved."))
    _check_approvers(account, wanted)
    return ApprovalRule.objects.create(
        account=account,
        trigger=wanted.trigger,
        amount=wanted.amount if wanted.trigger in ApprovalTrigger.WITH_AMOUNT else None,
        families=families if wanted.trigger == ApprovalTrigger.FAMILY else [],
        role=wanted.role,
        approver=wanted.approver,
        needed=1 if wanted.approver else wanted.needed,
        own_allowed=wanted.own_allowed,
        covers_keys=wanted.covers_keys,
    )


def _check_approvers(account: Account, wanted: WantedRule) -> None:
    members = Membership.objects.filter(account=account, active=True, role__in=AGREEING)
    if wanted.approver is not None:
        if not members.filter(user=wanted.approver).exists():
            raise Invalid(gettext("This person may not approve orders of your company; nothing was saved."))
    elif wanted.role not in AGREEING:
        raise Invalid(gettext("This role does not approve orders; nothing was saved."))
    elif members.count() < wanted.needed:
        raise Invalid(gettext("Your company does not have so many people who may approve; nothing was saved."))


@transaction.atomic
def remove_rule(*, account: Account, user: User, rule_id: UUID) -> None:
    """The rule counts no more; it stays in the history. Raises NotFound and NotAllowed."""
    require_act(user=user, account_id=account.pk, act=Act.MANAGE_APPROVALS)
    rule = ApprovalRule.objects.select_for_update(no_key=True).filter(pk=rule_id, account=account, active=True).first()
    if rule is None:
        raise NotFound(gettext("This rule is not there any more."))
    rule.active = False
    rule.save(update_fields=["active", "updated_at"])


@transaction.atomic
def stand_in(*, account: Account, user: User, deputy_id: UUID, until_on: dt.date) -> ApprovalAbsence:
    """A colleague approves for the person up to that day and with it. Raises NotAllowed and Invalid."""
    require_act(user=user, account_id=account.pk, act=Act.APPROVE_ORDERS)
    if until_on < account_today(account):
        raise Invalid(gettext("That day has passed; nothing was changed."))
    members = Membership.objects.filter(account=account, active=True, role__in=STANDING_IN)
    deputy = members.filter(user=deputy_id).exclude(user=user).first()
    if deputy is None:
        raise Invalid(gettext("Choose a colleague who orders for your company; nothing was changed."))
    values = {"deputy_id": deputy.user_id, "until_on": until_on}
    return ApprovalAbsence.objects.update_or_create(account=account, user=user, defaults=values)[0]


@transaction.atomic
def come_back(*, account: Account, user: User) -> None:
    """Nobody stands in for the person any more."""
    ApprovalAbsence.objects.filter(account=account, user=user).delete()
