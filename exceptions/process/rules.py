"""Keep routing rules, and say what they would have done with yesterday's cases before they count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from exceptions.errors import RuleRefused
from exceptions.models import Case, Queue, RoutingRule
from exceptions.process.opening import QUEUES
from exceptions.process.routing import active_rules, first_that_fits
from exceptions.registry import case_kind, case_kinds

MOST_JUDGED = 5_000
SAMPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One case of yesterday that would have gone elsewhere."""

    case: Case
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePreview:
    """How many of yesterday's cases (at most 5,000) would have gone elsewhere, and the first of them."""

    day: dt.date
    judged: int
    moved: int
    sample: tuple[Moved, ...]

    def __str__(self) -> str:
        return f"would have moved {self.moved:,} of {self.judged:,}"


@transaction.atomic
def save_rule(rule: RoutingRule) -> RoutingRule:
    """The rule counts for cases that are opened from now on; none that is open moves. Raises RuleRefused for one that
    leads nowhere, to somebody who does not work here, or for a kind that is not known.
    """
    _check(rule)
    rule.save()
    return rule


@transaction.atomic
def drop_rule(*, rule_id: int) -> None:
    """The rule is gone; cases that it brought somewhere stay there. Raises RuleRefused for one that is gone already."""
    if not RoutingRule.objects.filter(pk=rule_id).delete()[0]:
        raise RuleRefused("the rule is gone already; nothing was done")


def preview_rule(rule: RoutingRule, *, today: dt.date | None = None) -> RulePreview:
    """What the rule, as it is now and not saved yet, would have done with the cases that were opened yesterday in the
    site's time zone. Raises RuleRefused as `save_rule`.
    """
    _check(rule)
    day = (today or timezone.localdate()) - dt.timedelta(days=1)
    start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    cases = Case.objects.filter(created_at__gte=start, created_at__lt=end).select_related("account")
    now = active_rules()
    then = sorted(
        [*(one for one in now if one.pk != rule.pk), *([rule] if rule.active else [])],
        key=lambda one: (one.position, one.pk or 0),
    )
    names = dict(Queue.objects.values_list("code", "name"))
    judged = [
        Moved(case=case, before=_target(case, now, names), after=_target(case, then, names))
        for case in cases.order_by("number")[:MOST_JUDGED]
    ]
    moved = [one for one in judged if one.before != one.after]
    return RulePreview(day=day, judged=len(judged), moved=len(moved), sample=tuple(moved[:SAMPLE]))


def _target(case: Case, rules: Sequence[RoutingRule], names: dict[str, str]) -> str:
    rule = first_that_fits(rules, case)
    home = case_kind(case.kind).queue
    queue = rule.queue.name if rule and rule.queue else names.get(home, QUEUES.get(home, (home, ""))[0])
    if rule is None or (rule.person is None and not rule.skill):
        return queue
    return f"{queue}, {rule.person or f'whoever has the skill {rule.skill}'}"


def _check(rule: RoutingRule) -> None:
    if not rule.name.strip():
        raise RuleRefused("give the rule a name; nothing was saved")
    if not (rule.queue_id or rule.person_id or rule.skill):
        raise RuleRefused("say where the cases go: a queue, a person or a skill; nothing was saved")
    if rule.person and not (rule.person.is_staff and rule.person.is_active):
        raise RuleRefused(f"{rule.person} does not work here; nothing was saved")
    if rule.kind and not any(_covers(rule.kind, known.kind) for known in case_kinds()):
        raise RuleRefused(f"no kind of case is or begins with {rule.kind}; nothing was saved")


def _covers(wanted: str, kind: str) -> bool:
    return kind.startswith(wanted) if wanted.endswith(".") else kind == wanted
