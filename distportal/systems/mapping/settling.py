"""A missing code is mapped, by whatever way, and what waited for it goes on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from distportal.common.errors import DomainError, NotFound
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.actor import actor_name
from distportal.systems.mapping.choices import Kind, MissingState, Side
from distportal.systems.mapping.editing import SETTLE_JOB, Mapping, problem_with, save_mapping
from distportal.systems.mapping.errors import BadMapping
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.mapping.registry import keeper, our_codes, waiter
from distportal.systems.mapping.words import words_of

AT_ONCE = 50
"""So many pieces of work go on in one run of the job; the rest in the next."""


@transaction.atomic
def map_code(*, missing_id: int, code: str, reason: str = "", valid_until: dt.date | None = None) -> MissingCode:
    """The code, mapped from now on; what waits goes on after the commit. Raises BadMapping or MappingTaken."""
    row, code = _locked(missing_id), code.strip()
    theirs, ours = (row.code, code) if row.side == Side.THEIRS else (code, row.code)
    mapping = Mapping(
        scope=row.scope, kind=row.kind, theirs=theirs, ours=ours, valid_until=valid_until,
        reason=reason or "was missing",
    )  # fmt: skip
    keep = keeper(row.scope, row.kind)
    if keep is None:
        if _word(row) != code:
            save_mapping(mapping=mapping)
    elif problem := problem_with(mapping):
        raise BadMapping(f"The mapping was not saved: {problem}.", problem=problem)
    else:
        keep(row.scope, theirs, ours, actor_name())
    _settle(row, MissingState.MAPPED, answer=code, by=actor_name(), reason=reason)
    enqueue_job(SETTLE_JOB, key=row.scope, payload={"scope": row.scope})
    return row


@transaction.atomic
def ignore_code(*, missing_id: int, reason: str) -> MissingCode:
    """The code stays unmapped and is listed no more; what waits for it waits on. Raises BadMapping without a reason."""
    if not reason.strip():
        raise BadMapping("Say why it stays unmapped; nothing was changed.")
    row = _locked(missing_id)
    _settle(row, MissingState.IGNORED, answer="", by=actor_name(), reason=reason)
    return row


def settle_scope(*, scope: str, again: bool = False) -> int:
    """How many waits are over, now that codes of this scope are mapped. Safe to run any number of times; `again` tries
    what would not go on before, too.
    """
    missing = list(MissingCode.objects.filter(scope=scope, state=MissingState.OPEN))
    items = _items_there_now(missing)
    for row in missing:
        if word := _word(row) or (row.code if row.pk in items else ""):
            _note_mapped(row.pk, word)
    waiting = Waiting.objects.filter(missing__scope=scope, missing__state=MissingState.MAPPED)
    due = list(
        (waiting if again else waiting.filter(trouble=""))
        .select_related("missing")
        .order_by("seen_at", "pk")[: AT_ONCE + 1]
    )
    over = sum(_resume(one) for one in due[:AT_ONCE])
    if len(due) > AT_ONCE:
        with transaction.atomic():
            enqueue_job(SETTLE_JOB, key=scope, payload={"scope": scope})
    return over


def scopes_to_settle() -> list[str]:
    """The scopes with open codes or work that has not gone on: looked through now and then, should a hint be lost."""
    rows = MissingCode.objects.filter(Q(state=MissingState.OPEN) | Q(state=MissingState.MAPPED, waiting__isnull=False))
    return list(rows.values_list("scope", flat=True).distinct().order_by("scope"))


def _resume(row: Waiting) -> bool:
    known = waiter(row.subject_type)
    if known is None:
        return False
    try:
        over = known.resume(row, row.missing)
    except DomainError as error:
        Waiting.objects.filter(pk=row.pk).update(trouble=error.message[:300])
        return False
    if over:
        # What still waits was noted anew by the work itself, which opened the code again.
        Waiting.objects.filter(pk=row.pk, missing__state=MissingState.MAPPED).delete()
    return over


def _items_there_now(rows: list[MissingCode]) -> set[int]:
    """Those of the missing items that are items of ours by now: an order can come before the ERP's feed brings them."""
    asked = {row.pk: row.code for row in rows if row.kind == Kind.ITEM and row.side == Side.THEIRS}
    codes = our_codes(Kind.ITEM) if asked else None
    known = codes.known(set(asked.values())) if codes else set()
    return {pk for pk, code in asked.items() if code in known}


def _word(row: MissingCode) -> str:
    words = words_of(row.scope)
    table = words.ours if row.side == Side.THEIRS else words.theirs
    return table.get(row.kind, {}).get(row.code, "")


@transaction.atomic
def _note_mapped(missing_id: int, word: str) -> None:
    row = _locked(missing_id)
    if row.state == MissingState.OPEN:
        _settle(row, MissingState.MAPPED, answer=word, by="", reason="found in the mapping tables")


def _settle(row: MissingCode, state: MissingState, *, answer: str, by: str, reason: str) -> None:
    row.state, row.answer, row.settled_by, row.settled_reason = state, answer, by, reason.strip()[:300]
    row.settled_at = database_now()
    row.save()
    if state == MissingState.MAPPED:
        row.waiting.update(trouble="")


def _locked(missing_id: int) -> MissingCode:
    row = MissingCode.objects.select_for_update(no_key=True).filter(pk=missing_id).first()
    if row is None:
        raise NotFound("There is no such code in the list; nothing was changed.")
    return row
