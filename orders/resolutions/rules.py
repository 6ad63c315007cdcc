"""Rules at the desk: saved from an edit, taken back, and named where they were applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from distportal.accounts.models import User
from distportal.systems.mapping.queries import rules_from, rules_in
from distportal.systems.mapping.rules import end_rule
from exceptions.registry import CaseAction
from orders.models import FieldChoice, Order
from orders.process.rule_saving import KINDS, no_rule, save_rule_of

if TYPE_CHECKING:
    from exceptions.models import Case

USUAL = dt.timedelta(days=180)


def save(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """The edit is a rule from now on."""
    owner = User.objects.filter(email=form.get("owner", "").strip().lower(), is_staff=True).first() or user
    rule = save_rule_of(
        choice_id=_number(form.get("choice", "")), owner=owner, until=_day(form.get("until", "")), reason=reason,
        origin=str(case),
    )  # fmt: skip
    return f"{rule} until {rule.reference.valid_until}, owned by {owner.name}"


def end(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """A rule is taken back."""
    return f"{end_rule(rule_id=_number(form.get('rule', '')), reason=reason)} no longer"


SAVE_RULE = CaseAction(name="save_rule", label="Save as rule", style="", run=save, needs_reason=True, in_panel=True)
END_RULE = CaseAction(name="end_rule", label="Take the rule back", style="", run=end, needs_reason=True, in_panel=True)


def rules_panel(case: Case, order: Order, wanted: str) -> dict[str, Any]:
    """What the page says of rules: edits of the order that can be one, the one that was asked for (`wanted`), those
    that were saved here and those that were applied to the order.
    """
    saved = list(rules_from(str(case)))
    in_force = {(rule.reference.kind, rule.reference.theirs) for rule in saved if not rule.ended_at}
    choices = FieldChoice.objects.filter(order=order, field__in=KINDS).select_related("order").order_by("pk")
    usable = [one for one in choices if (KINDS[one.field], one.seen) not in in_force and not no_rule(one)][:20]
    return {
        "rule_choices": usable,
        "rule_of": next((choice for choice in usable if str(choice.pk) == wanted), None),
        "rule_until": timezone.localdate() + USUAL,
        "rules_saved": saved,
        "rules_applied": rules_in(order.correlation_id),
        "rule_people": User.objects.filter(is_staff=True, is_active=True).order_by("name"),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
