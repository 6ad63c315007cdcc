"""Who may send an instruction to a warehouse now: its states between the calls, each committed by itself.

A worker that was overtaken has nothing to say: it changes only the row that is still at the try it knows of.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F

from distportal.events.clock import DatabaseNow
from distportal.events.errors import RetryLater
from orders.choices import ReleaseState
from orders.models import WarehouseRelease
from orders.process.command_claims import EMPTY_LOOKUPS_NEEDED
from orders.process.locks import locked_release

LOOK_AGAIN_SECONDS = 2.0


def begin_release(row: WarehouseRelease) -> None:
    """`sending`, for the one worker that finds the state and the number of tries it saw; another one has to look again
    later (RetryLater). `row.attempts` is what it counts then.
    """
    _move(row, ReleaseState.SENDING, attempts=F("attempts") + 1, last_sent_at=DatabaseNow())
    row.attempts += 1


def doubt_release(row: WarehouseRelease) -> None:
    """`unknown`, where the row is as it was seen: its outcome is looked up. Raises RetryLater where it is not."""
    if row.state != ReleaseState.UNKNOWN:
        _move(row, ReleaseState.UNKNOWN)


def _move(row: WarehouseRelease, state: ReleaseState, **also: object) -> None:
    seen = WarehouseRelease.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if not seen.update(state=state, **also):
        raise RetryLater("another worker is at it", after=LOOK_AGAIN_SECONDS, counts=False)
    row.state = state


def mark_release(row: WarehouseRelease, state: ReleaseState) -> None:
    """What came of the row's try, unless others settled it or began another one meanwhile."""
    mine = WarehouseRelease.objects.filter(pk=row.pk, attempts=row.attempts, state__in=ReleaseState.UNCERTAIN)
    mine.update(state=state)


@transaction.atomic
def note_empty_release(release_id: UUID, *, looked_at: dt.datetime, settle: dt.timedelta) -> bool:
    """Whether the instruction may be sent again: two look-ups begun behind the settle time found nothing. One whose
    instruction others settled or gave free meanwhile, or that began before the last send, says nothing.
    """
    row = locked_release(release_id)
    if row.state not in ReleaseState.UNCERTAIN:
        return False
    if row.last_sent_at is None or looked_at >= row.last_sent_at + settle:
        row.empty_lookups += 1
    free = row.empty_lookups >= EMPTY_LOOKUPS_NEEDED
    if free:
        row.empty_lookups, row.state = 0, ReleaseState.PENDING
    row.save(update_fields=["empty_lookups", "state"])
    return free
