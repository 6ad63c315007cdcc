"""Which rules of a company an order trips, and why, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.speaking import ENGLISH, zone_of
from distportal.common.money import show_money
from distportal.events.clock import database_now
from orders.choices import ApprovalTrigger, OrderStatus
from orders.models import ApprovalRule, Order
from orders.process.approvals.approvers import NOBODY, People, people_of
from orders.process.evaluation import Evaluation


class Reason(TypedDict):
    """Why a yes is needed, as it is kept with the request."""

    rule: str
    words: str
    role: str
    approver: str
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a company's rules say of an order; no `reasons`: it goes its way. `who` are those asked, by name."""

    reasons: tuple[Reason, ...]
    people: People
    who: str = ""


def judge_approval(*, account: Account, user: User | None, evaluations: Sequence[Evaluation], total: Decimal) -> Judged:
    """The reasons why the orders need approval. `user` is who orders, None for a key of the company; `evaluations` are
    of the orders that the cart becomes and `total` is what all of them come to.

    A person who may agree to a rule that lets them needs nobody for it.
    """
    now = database_now().astimezone(ZoneInfo(zone_of(account)))
    rules = ApprovalRule.objects.filter(account=account, active=True).select_related("approver")
    member = Membership.objects.filter(account=account, user=user).first() if user else None
    case = _Case(account, user, member, evaluations, total, now)
    with translation.override(ENGLISH):  # kept with the request: each reads it in a language of their own
        fired = [_reason(rule, words) for rule in rules if _covers(rule, user) and (words := case.words(rule))]
        if member is not None and not any(rule.trigger == ApprovalTrigger.LIMIT for rule in rules):
            words = case.over_limit()
            fired += [Reason(rule="", words=words, role=Role.APPROVER, approver="", needed=1)] if words else []
    if not fired:
        return Judged(reasons=(), people=NOBODY)
    people = people_of(account, today=now.date())
    own = {str(rule.pk) for rule in rules if rule.own_allowed}
    if user is not None:
        fired = [one for one in fired if one["rule"] not in own or user.pk not in people.may_agree(one, buyer=None)]
    return Judged(reasons=tuple(fired), people=people, who=_who(fired, people, user))


def _covers(rule: ApprovalRule, user: User | None) -> bool:
    return user is not None or rule.covers_keys


def _reason(rule: ApprovalRule, words: str) -> Reason:
    approver = str(rule.approver_id) if rule.approver_id else ""
    return Reason(rule=str(rule.pk), words=words, role=rule.role, approver=approver, needed=rule.needed)


def _who(reasons: Sequence[Reason], people: People, user: User | None) -> str:
    """One or two by name; more are "your approvers"."""
    able = set()
    for reason in reasons:
        able |= people.asked(reason, buyer=user.pk if user else None)
    names = people.names(able)
    if not names:
        return ""
    return gettext(" or ").join(names) if len(names) <= 2 else gettext("your approvers")


@dataclass(frozen=True, slots=True)
class _Case:
    """One order on the table."""

    account: Account
    user: User | None
    member: Membership | None
    evaluations: Sequence[Evaluation]
    total: Decimal
    now: dt.datetime

    def words(self, rule: ApprovalRule) -> str:
        """Why the rule fires; empty where it does not."""
        told: dict[str, Any] = {
            ApprovalTrigger.TOTAL: self.over_total, ApprovalTrigger.MONTH: self.over_month,
        }  # fmt: skip
        if rule.trigger in told:
            return str(told[rule.trigger](rule.amount or Decimal(0)))
        if rule.trigger == ApprovalTrigger.LIMIT:
            return self.over_limit()
        if rule.trigger == ApprovalTrigger.SHIP_TO:
            return self.new_place()
        if rule.trigger == ApprovalTrigger.CONTRACT:
            return self.off_contract()
        return self.of_family(rule.families)

    def over_total(self, most: Decimal) -> str:
        if self.total <= most:
            return ""
        said = {"total": self.money(self.total), "most": self.money(most)}
        return gettext("The order comes to %(total)s; above %(most)s it needs approval") % said

    def over_limit(self) -> str:
        """Over the person's limit for one order, one day or one month."""
        if self.member is None:
            return ""
        most, daily, monthly = self.member.order_limit, self.member.daily_limit, self.member.monthly_limit
        if most is not None and self.total > most:
            said = {"total": self.money(self.total), "most": self.money(most)}
            return gettext("The order comes to %(total)s; the buyer's limit for one order is %(most)s") % said
        if daily is not None and (spent := self.spent(since=self._midnight()) + self.total) > daily:
            said = {"total": self.money(spent), "most": self.money(daily)}
            return gettext("With it the buyer's orders of today come to %(total)s; the limit is %(most)s") % said
        if monthly is not None and (spent := self._of_month()) > monthly:
            said = {"total": self.money(spent), "most": self.money(monthly)}
            return gettext("With it the buyer's orders of the month come to %(total)s; the limit is %(most)s") % said
        return ""

    def over_month(self, most: Decimal) -> str:
        spent = self._of_month() if self.user else Decimal(0)
        if spent <= most:
            return ""
        said = {"total": self.money(spent), "most": self.money(most)}
        return (
            gettext("With it the buyer's orders of the month come to %(total)s; above %(most)s it needs approval")
            % said
        )

    def new_place(self) -> str:
        """An address that is not on file, or one that nothing was ordered to before."""
        for evaluation in self.evaluations:
            place = evaluation.facts.ship_to
            if place is None:
                return gettext("It goes to an address that is not on file")
            if (
                not Order.objects.filter(account=self.account, ship_to=place)
                .exclude(status__in=OrderStatus.DEAD)
                .exists()
            ):
                return gettext("It goes to %(place)s, where nothing was ordered to before") % {"place": place.name}
        return ""

    def off_contract(self) -> str:
        found = [
            fact.item.sku
            for evaluation in self.evaluations
            for fact in evaluation.facts.lines
            if fact.item is not None and (fact.quote is None or not fact.quote.contract)
        ]
        return gettext("Without a contract price: %(items)s") % {"items": _few(found)} if found else ""

    def of_family(self, families: Sequence[str]) -> str:
        wanted = {family.casefold() for family in families}
        found = [
            fact.item.sku
            for evaluation in self.evaluations
            for fact in evaluation.facts.lines
            if fact.item is not None and fact.item.family.casefold() in wanted
        ]
        said = {"families": ", ".join(families), "items": _few(found)}
        return gettext("Items of %(families)s need approval: %(items)s") % said if found else ""

    def spent(self, *, since: dt.datetime) -> Decimal:
        rows = Order.objects.filter(account=self.account, placed_by=self.user, placed_at__gte=since)
        return rows.exclude(status__in=OrderStatus.DEAD).aggregate(sum=Sum("total"))["sum"] or Decimal(0)

    def _of_month(self) -> Decimal:
        return self.spent(since=self._midnight().replace(day=1)) + self.total

    def money(self, amount: Decimal) -> str:
        return show_money(amount, self.account.currency)

    def _midnight(self) -> dt.datetime:
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)


def _few(items: Sequence[str]) -> str:
    kept = list(dict.fromkeys(items))
    return ", ".join(kept[:3]) + (gettext(" and %(more)d more") % {"more": len(kept) - 3} if len(kept) > 3 else "")
