"""Whether histories are as they were sealed: every night, and when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from distportal.events.choices import JobState
from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.models import HistorySeal, Job
from distportal.events.registry import job_handler
from distportal.events.sealing import START, columns_gone, current_seals, digest_of, head_after, holds, seal_histories

CHECK_JOB = "events.check_seals"
PART = 100
"""Seals that one job looks at: half a million rows at most, some seconds."""
MOST_TOLD = 5


def broken_seals(*, after: int = 0, most: int | None = None) -> Iterator[str]:
    """What does not fit, in words, of the seals behind that number: a link of the chain, or a stretch's rows."""
    before = HistorySeal.objects.filter(number=after).first()
    last, head = after, before.head if before else START
    chain = HistorySeal.objects.filter(number__gt=after).order_by("number")
    seals = list(chain[:most]) if most else list(chain)
    for seal in seals:
        if seal.number != last + 1:
            yield f"seals {last + 1} to {seal.number - 1} are missing"
        elif head_after(head, seal) != seal.head:
            yield f"{seal} does not follow from the seal before it"
        last, head = seal.number, seal.head
    for seal in current_seals().filter(number__gt=after, number__lte=last):
        if not holds(seal):
            yield f"{seal.table}, lines {seal.first_id} to {seal.last_id}: {_difference(seal)}"


def _difference(seal: HistorySeal) -> str:
    when = f"sealed on {seal.sealed_at:%Y-%m-%d %H:%M} UTC as number {seal.number}"
    if gone := columns_gone(seal):
        return f"columns are gone ({', '.join(gone)}); {when}"
    rows, _ = digest_of(seal)
    return f"{seal.rows} rows then, {rows} now; {when}" if rows != seal.rows else f"rows were changed since; {when}"


@job_handler("events.seal_histories", lane="bulk", quiet=True)
def seal_histories_job(_: Mapping[str, Any]) -> None:
    """Seal what is old enough, and have every seal looked at, each part by a job of its own. A part that did not fit
    before has its case already, from which it is looked at again.
    """
    newest = seal_histories()
    known = set(Job.objects.filter(kind=CHECK_JOB, state=JobState.DEAD).values_list("key", flat=True))
    for after in range(0, newest.number if newest else 0, PART):
        if str(after) not in known:
            enqueue_job(CHECK_JOB, key=str(after), payload={"after": after})


@job_handler(CHECK_JOB, lane="bulk", quiet=True)
def check_seals_job(payload: Mapping[str, Any]) -> None:
    """Look at a part of the chain. What does not fit is a case that stays until it is tried again and fits."""
    told = list(broken_seals(after=int(payload["after"]), most=PART))
    if told:
        more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        raise GiveUp(f"histories are not as they were sealed: {'; '.join(told[:MOST_TOLD])}{more}")
