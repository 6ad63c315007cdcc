"""Plan a change of a rule, take it back, and put into force what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from distportal.accounts.choices import StaffGroup
from distportal.accounts.models import User
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from distportal.governance.choices import PlanState
from distportal.governance.models import PlannedChange
from distportal.governance.registry import RuleKind, rule_kind
from distportal.observability.actor import acting


@transaction.atomic
def plan_change(
    *, by: User, kind: str, subject: str, values: Mapping[str, Any], effective_on: dt.date,
    ends_on: dt.date | None = None, reason: str,
) -> PlannedChange:  # fmt: skip
    """The change, which takes force on its day. Of `values`, those that differ from the rule's now are kept.

    Raises NotAllowed, NotFound, Invalid without a reason, for a day that has passed, an end before the beginning,
    values that mean nothing or change nothing, Conflict where a change of the rule is planned for that day already.
    """
    _require_operator(by)
    known, row = _rule(kind, subject)
    if not reason.strip():
        raise Invalid("Say why the rule changes. Nothing was planned.")
    if effective_on < timezone.localdate():
        raise Invalid("The day has passed. Nothing was planned.")
    if ends_on is not None and ends_on <= effective_on:
        raise Invalid("The end must be after the beginning. Nothing was planned.")
    if unknown := sorted(set(values) - set(known.fields)):
        raise Invalid(f"These are no fields of the rule: {', '.join(unknown)}. Nothing was planned.")
    now = known.values_of(row)
    wanted = {name: value for name, value in values.items() if value != now[name]}
    if not wanted:
        raise Invalid("The rule is like that now. Nothing was planned.")
    _check(known, row, wanted)
    try:
        with transaction.atomic():
            return PlannedChange.objects.create(
                kind=kind, subject=subject, about=known.about(row)[:200], values=wanted, effective_on=effective_on,
                ends_on=ends_on, reason=reason.strip()[:200], planned_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("A change of this rule is planned for that day already: withdraw that one first.") from error


@transaction.atomic
def withdraw_change(*, by: User, change_id: int) -> PlannedChange:
    """It will not be. Raises NotAllowed, NotFound, or Conflict where it is in force or over."""
    _require_operator(by)
    change = PlannedChange.objects.select_for_update(no_key=True).filter(pk=change_id).first()
    if change is None:
        raise NotFound("There is no such change.")
    if change.state != PlanState.PLANNED:
        raise Conflict(f"It is not planned any more: {change.get_state_display().lower()}. Nothing was changed.")
    change.state = PlanState.WITHDRAWN
    change.save(update_fields=["state"])
    return change


def due_changes(on: dt.date) -> list[int]:
    """What begins or ends by that day, in the order of days: an end before what begins on the same day."""
    rows = PlannedChange.objects.filter(state__in=PlanState.WAITS)
    ends = rows.filter(state=PlanState.APPLIED, ends_on__lte=on).order_by("ends_on", "pk").values_list("pk", flat=True)
    begins = rows.filter(state=PlanState.PLANNED, effective_on__lte=on).order_by("effective_on", "pk")
    return [*ends, *begins.values_list("pk", flat=True)]


@transaction.atomic
def apply_change(*, change_id: int, on: dt.date) -> PlannedChange:
    """Begin or end the change, where it is due on that day; twice is once. What stands against it is told in the row,
    and the rule is left as it is.
    """
    change = PlannedChange.objects.select_for_update(no_key=True).select_related("planned_by").get(pk=change_id)
    begins = change.state == PlanState.PLANNED and change.effective_on <= on
    ends = change.state == PlanState.APPLIED and change.ends_on is not None and change.ends_on <= on
    if not begins and not ends:
        return change
    try:
        known, row = _rule(change.kind, change.subject, lock=True)
        with acting(change.planned_by.email), pghistory.context(actor=change.planned_by.email, reason=change.reason):
            _begin(change, known, row) if begins else _end(change, known, row)
    except (Invalid, NotFound) as error:
        change.state, change.said = PlanState.FAILED, error.message[:300]
    change.save()
    return change


def _begin(change: PlannedChange, known: RuleKind, row: Any) -> None:
    _check(known, row, change.values)
    now = known.values_of(row)
    change.before = {name: now[name] for name in change.values}
    _write(row, change.values)
    change.state = PlanState.APPLIED


def _end(change: PlannedChange, known: RuleKind, row: Any) -> None:
    now = known.values_of(row)
    if any(now[name] != value for name, value in change.values.items()):
        change.state, change.said = PlanState.OVERTAKEN, "The rule was changed since, so it stays as it is."
        return
    _write(row, change.before or {})
    change.state = PlanState.ENDED


def _write(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _check(known: RuleKind, row: Any, values: Mapping[str, Any]) -> None:
    """Raises Invalid where the rule with these values would mean nothing; the row is read anew by whoever writes."""
    wanted = known.model._base_manager.get(pk=row.pk)
    for name, value in values.items():
        setattr(wanted, name, value)
    try:
        wanted.full_clean()
        known.check(wanted)
    except ValidationError as error:
        raise Invalid(f"{' '.join(error.messages)} Nothing was changed.") from error
    except ValueError as error:
        raise Invalid(f"{error}. Nothing was changed.") from error


def _rule(kind: str, subject: str, *, lock: bool = False) -> tuple[RuleKind, Any]:
    known = rule_kind(kind)
    rows = known.model._base_manager.select_for_update(no_key=True) if lock else known.model._base_manager.all()
    row = known.found(rows, subject)
    if row is None:
        raise NotFound("The rule is not there any more. Nothing was changed.")
    return known, row


def _require_operator(by: User) -> None:
    if not by.is_superuser and not by.groups.filter(name=StaffGroup.OPERATOR).exists():
        raise NotAllowed("Rules are the operators' business. Nothing was changed.")
