"""Where a new case goes: the first active rule that fits, else where its kind belongs."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from distportal.accounts.models import User
from distportal.common.remembering import remembered
from exceptions.choices import CaseStatus
from exceptions.models import Case, RoutingRule, StaffSkill


def fits(rule: RoutingRule, case: Case) -> bool:
    """Whether the case meets every condition of the rule."""
    kind = case.kind.startswith(rule.kind) if rule.kind.endswith(".") else rule.kind in ("", case.kind)
    return (
        kind
        and (rule.account_id is None or rule.account_id == case.account_id)
        and case.amount >= rule.least_amount
        and rule.region in ("", case.region)
    )


def first_that_fits(rules: Sequence[RoutingRule], case: Case) -> RoutingRule | None:
    """The rule that counts, or None."""
    return next((rule for rule in rules if fits(rule, case)), None)


def active_rules() -> list[RoutingRule]:
    """The rules that count, in their order."""
    return list(RoutingRule.objects.filter(active=True).select_related("queue", "person"))


def route(case: Case) -> None:
    """A new case gets its queue and, where a rule says so, its owner; one that somebody owns stays where it is. The
    caller saves.
    """
    if case.owner_id is not None:
        return
    rule = first_that_fits(remembered("desk.rules", active_rules), case)
    if rule is None:
        return
    case.routed_by, case.queue = rule, rule.queue or case.queue
    case.owner = rule.person if rule.person and rule.person.is_active else _least_busy(rule.skill)


def _least_busy(skill: str) -> User | None:
    """Of those who have the skill the one with the fewest open cases, by name where that is the same; nobody where
    nobody has it.
    """
    if not skill:
        return None
    having = StaffSkill.objects.filter(skill=skill, user__is_active=True, user__is_staff=True).values("user")
    held = Case.objects.filter(status__in=CaseStatus.OPEN, owner__in=having).values("owner")
    load = {row["owner"]: row["open"] for row in held.annotate(open=Count("pk"))}
    people = User.objects.filter(pk__in=having).order_by("name", "pk")
    return min(people, key=lambda person: load.get(person.pk, 0), default=None)
