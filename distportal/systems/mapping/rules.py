"""Rules: cross references saved from an edit, with an owner and a last day; what they are used for is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import User
from distportal.common.errors import NotFound
from distportal.events.clock import database_now
from distportal.observability.actor import actor_name
from distportal.systems.mapping.editing import Mapping, end_mapping, save_mapping
from distportal.systems.mapping.errors import BadMapping
from distportal.systems.mapping.models import RuleUse, SavedRule
from distportal.systems.mapping.words import words_of

LONGEST = dt.timedelta(days=731)
"""Nobody remembers longer why a rule was saved."""


@transaction.atomic
def save_rule(*, mapping: Mapping, owner: User, origin: str) -> SavedRule:
    """The rule, in force from now to its last day. Raises BadMapping without a day that lies ahead or an owner who
    works here, and as `save_mapping`.
    """
    today = timezone.localdate()
    if mapping.valid_until is None or not today < mapping.valid_until <= today + LONGEST:
        raise BadMapping("Say until when the rule holds, from tomorrow to two years ahead; nothing was saved.")
    if not (owner.is_staff and owner.is_active):
        raise BadMapping(f"{owner} does not work here and cannot own a rule; nothing was saved.")
    reference = save_mapping(mapping=mapping)
    return SavedRule.objects.create(reference=reference, owner=owner, origin=origin[:40], saved_by=actor_name())


@transaction.atomic
def end_rule(*, rule_id: int, reason: str) -> SavedRule:
    """The rule is taken back: it holds no longer, and what it did stays as it is. Raises NotFound for one that ended,
    BadMapping without a reason.
    """
    rule = SavedRule.objects.select_for_update(of=("self",), no_key=True).filter(pk=rule_id, ended_at=None).first()
    if rule is None:
        raise NotFound("There is no such rule, or it ended already; nothing was changed.")
    end_mapping(reference_id=rule.reference_id, reason=reason)
    rule.ended_by, rule.ended_at = actor_name(), database_now()
    rule.save(update_fields=["ended_by", "ended_at"])
    return rule


def note_rule_uses(*, scope: str, used: Collection[tuple[str, str]], correlation_id: UUID) -> int:
    """The rules among these (kind, their code) of the scope were applied in the story, each once; how many rules. One
    statement, which needs no savepoint, and none where none of them is a rule.
    """
    words = words_of(scope)
    rules = {words.rules[ref] for key in used if (ref := words.ids.get(key)) is not None and ref in words.rules}
    RuleUse.objects.bulk_create(
        [RuleUse(rule_id=pk, correlation_id=correlation_id) for pk in sorted(rules)], ignore_conflicts=True
    )
    return len(rules)
