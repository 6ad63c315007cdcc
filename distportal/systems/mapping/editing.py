"""The one writer of cross references: everything else asks here, so that every copy in a process is told of changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from distportal.common.errors import NotFound
from distportal.events.jobs import enqueue_job
from distportal.observability.actor import actor_name
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.errors import BadMapping, MappingTaken
from distportal.systems.mapping.models import CrossReference
from distportal.systems.mapping.registry import our_codes

SETTLE_JOB = "mapping.settle"
_SAID = ("scope", "kind", "theirs", "ours", "valid_from", "valid_until")
_BUMP = """
INSERT INTO mapping_codebook (scope, mark)
SELECT scope, gen_random_uuid() FROM unnest(%s::text[]) AS scope ORDER BY scope
    ON CONFLICT (scope) DO UPDATE SET mark = EXCLUDED.mark
"""


_TURN = "SELECT pg_advisory_xact_lock(hashtext('mapping.references'))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What a cross reference says; days are inclusive, None is open."""

    scope: str
    kind: str
    theirs: str
    ours: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str, dt.date | None]:
        """What tells rows apart."""
        return self.scope, self.kind, self.theirs, self.valid_from


def problem_with(mapping: Mapping, known: Collection[str] | None = None) -> str:
    """Why the mapping cannot be, or "". `known` are the codes of ours that exist, where they were looked up already."""
    if mapping.kind not in Kind.values:
        return f"{mapping.kind or 'nothing'} is no kind of code: {', '.join(Kind.values)}"
    if not mapping.scope or len(mapping.scope) > 60:
        return "it does not say whose code it is"
    if not mapping.theirs or not mapping.ours:
        return "one of the two codes is missing"
    if max(len(mapping.theirs), len(mapping.ours)) > 80:
        return "a code has more than 80 characters"
    if any(not c.isprintable() for c in mapping.theirs + mapping.ours):
        return "a code has characters that cannot be printed"
    if mapping.valid_from and mapping.valid_until and mapping.valid_until < mapping.valid_from:
        return "it ends before it begins"
    codes = our_codes(mapping.kind)
    exists = codes.known([mapping.ours]) if known is None and codes else known
    if exists is not None and codes and mapping.ours not in exists:
        return f"we have no {Kind(mapping.kind).label.lower()} {mapping.ours}"
    return ""


def take_turn() -> None:
    """From here to the commit nobody else writes cross references. Two who write the same code at once would wait for
    each other's row at the exclusion constraint, and PostgreSQL would end one of them by a deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN)


@transaction.atomic
def save_mapping(*, mapping: Mapping, reference_id: int | None = None) -> CrossReference:
    """The stored cross reference, new or the changed one. Raises BadMapping, MappingTaken, NotFound."""
    if problem := problem_with(mapping):
        raise BadMapping(f"The mapping was not saved: {problem}.", problem=problem)
    take_turn()
    row = CrossReference(scope=mapping.scope) if reference_id is None else locked(reference_id)
    touched = {row.scope, mapping.scope}
    for name in _SAID:
        setattr(row, name, getattr(mapping, name))
    row.reason, row.changed_by = mapping.reason[:300], actor_name()
    store([row])
    changed(touched)
    return row


@transaction.atomic
def end_mapping(*, reference_id: int, reason: str) -> CrossReference:
    """The cross reference, valid until yesterday; one that would never have been valid is deleted. Raises BadMapping
    without a reason.
    """
    if not reason.strip():
        raise BadMapping("Say why it ends; nothing was changed.")
    take_turn()
    row = locked(reference_id)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    row.reason, row.changed_by = reason.strip()[:300], actor_name()
    if row.valid_from and row.valid_from > yesterday:
        row.save(update_fields=["reason", "changed_by", "updated_at"])
        row.delete()
    else:
        row.valid_until = min(row.valid_until, yesterday) if row.valid_until else yesterday
        row.save(update_fields=["valid_until", "reason", "changed_by", "updated_at"])
    changed({row.scope})
    return row


@transaction.atomic
def replace_words(*, scope: str, kinds: Collection[str], words: Collection[tuple[str, str, str]], reason: str) -> None:
    """The (kind, theirs, ours) of these kinds that hold from today on are `words`: others that hold today go, what is
    there stays as it is, with its counts. Raises MappingTaken where one of them means something else from a later day.
    """
    take_turn()
    missing, today = set(words), timezone.localdate()
    held = CrossReference.objects.select_for_update(no_key=True).filter(scope=scope, kind__in=kinds).order_by("pk")
    for row in held:
        if (row.valid_from and row.valid_from > today) or (row.valid_until and row.valid_until < today):
            continue
        if (row.kind, row.theirs, row.ours) in missing:
            missing.discard((row.kind, row.theirs, row.ours))
        else:
            row.delete()
    store(
        [
            CrossReference(scope=scope, kind=kind, theirs=there, ours=here, reason=reason, changed_by=actor_name())
            for kind, there, here in missing
        ]
    )
    changed({scope})


def locked(reference_id: int) -> CrossReference:
    """The row under its lock. Raises NotFound."""
    row = CrossReference.objects.select_for_update(no_key=True).filter(pk=reference_id).first()
    if row is None:
        raise NotFound("There is no such mapping any more; nothing was changed.")
    return row


def store(rows: Collection[CrossReference]) -> None:
    """Write rows in the order of their keys. Raises MappingTaken where a code has a meaning on these days already."""
    fresh = sorted((r for r in rows if r.pk is None), key=lambda r: (r.scope, r.kind, r.theirs))
    try:
        with transaction.atomic():
            for row in sorted((r for r in rows if r.pk is not None), key=lambda r: r.pk):
                row.save(update_fields=[*_SAID, "reason", "changed_by", "updated_at"])  # uses are counted meanwhile
            CrossReference.objects.bulk_create(fresh, batch_size=2000)
    except IntegrityError as error:
        if "mapping_reference_one_a_day" not in str(error):
            raise
        raise MappingTaken("Their code is mapped on some of these days already; nothing was saved.") from error


def changed(scopes: Collection[str]) -> None:
    """Every copy of these scopes' tables is out of date from the commit on, and what waited for a code of theirs goes
    on.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BUMP, [sorted(scopes)])
    for scope in sorted(scopes):
        enqueue_job(SETTLE_JOB, key=scope, payload={"scope": scope})
