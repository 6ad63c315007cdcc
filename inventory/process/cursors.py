"""How far each feed of each ERP was read, stored with its effects."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from distportal.events.clock import database_now
from distportal.systems.ownership import DEFAULT
from inventory.models import FeedCursor, FeedPage


def cursor_of(kind: str, *, of: str = DEFAULT) -> str:
    """The adapter's cursor; empty at the start of history. `of` names the connection."""
    return FeedCursor.objects.filter(connection=of, kind=kind).values_list("cursor", flat=True).first() or ""


def store_cursor(kind: str, cursor: str, *, changes: int, complete: bool, of: str = DEFAULT, shadowed: int = 0) -> None:
    """The feed was read up to here, `complete` when nothing is left; call it in the transaction of the effects.

    `changes` is what was new in it and `shadowed` what was kept aside: a feed begins each read some time before the end
    of the last one, so most of what it tells was there already.
    """
    FeedCursor.objects.get_or_create(connection=of, kind=kind)
    FeedCursor.objects.filter(connection=of, kind=kind).update(
        cursor=cursor,
        failing_since=None,
        last_error="",
        changes_applied=F("changes_applied") + changes,
        shadowed=F("shadowed") + shadowed,
        read_at=database_now() if complete else F("read_at"),
    )


def note_page(kind: str, *, changes: int, oldest: dt.datetime | None, of: str = DEFAULT) -> None:
    """How late a page came, by the ERP's time of the oldest of its `changes` that were new; nothing where none was.
    Call it before its cursor is stored.

    A feed that was not yet read to its end brings history, which is late for no reason of ours.
    """
    if oldest and FeedCursor.objects.filter(connection=of, kind=kind, read_at__isnull=False).exists():
        FeedPage.objects.create(connection=of, kind=kind, changes=changes, oldest_at=oldest, read_at=database_now())


def note_failure(kind: str, text: str, *, of: str = DEFAULT) -> None:
    """The ERP did not answer this feed; since when is kept from the first failure on."""
    row, _ = FeedCursor.objects.get_or_create(connection=of, kind=kind)
    row.failing_since = row.failing_since or database_now()
    row.last_error = text[:300]
    row.save(update_fields=["failing_since", "last_error"])
