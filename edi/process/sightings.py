"""Which files of an inbox are whole and quiet, and which were taken before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from distportal.events.clock import database_now
from distportal.systems.sftp.base import Waiting
from edi.models import Mailbox, Sighting
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

QUIET_SECONDS = 30.0
"""Where the clock there is ours, a file nobody touched for so long is quiet at the first look."""
PATIENCE = dt.timedelta(minutes=15)
"""An interchange without its end waits so long before a person is told."""
MOST_SEEN = 5000
"""Files of one inbox that are looked at; the rest comes when these are gone."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file to take now. `taken`: its bytes are stored already, only putting it away is left."""

    waiting: Waiting
    sighting: Sighting

    @property
    def taken(self) -> bool:
        """Whether these very bytes were stored, by the server's word for size and time."""
        return self.sighting.taken_stamp == self.waiting.stamp


@transaction.atomic
def look_over(*, mailbox: Mailbox, found: Sequence[Waiting]) -> list[Ready]:
    """The files that nothing writes to any more, oldest first: the same size and time at two looks, or quiet.

    What lies there incomplete is left out; a person is told of it after 15 minutes.
    """
    found = found[:MOST_SEEN]
    known = {
        row.name: row for row in Sighting.objects.select_for_update(no_key=True).filter(mailbox=mailbox).order_by("pk")
    }
    names = {plain(one.name): one for one in found}
    _forget([row for name, row in known.items() if name not in names])
    now = database_now()
    fresh = {
        name: Sighting(mailbox=mailbox, name=name, stamp=one.stamp, unchanged_since=now)
        for name, one in names.items()
        if name not in known
    }
    Sighting.objects.bulk_create(fresh.values())
    ready = []
    for name, one in names.items():
        row = known.get(name) or fresh[name]
        steady = name in known and row.stamp == one.stamp
        if row.stamp != one.stamp:
            _changed(row, one, now)
        if row.incomplete and not row.take_anyway:
            _lose_patience(mailbox, row, now)
        elif steady or (one.idle is not None and one.idle >= QUIET_SECONDS):
            ready.append(Ready(one, row))
    return ready


def plain(name: str) -> str:
    """A name that the database can hold: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode().replace("\x00", "?")[:255]


@transaction.atomic
def note_incomplete(*, sighting: Sighting, idle: float | None) -> None:
    """The file waits for its end until it changes, or until a person wants it as it is."""
    since = sighting.unchanged_since
    if idle is not None:
        since = min(since, database_now() - dt.timedelta(seconds=idle))
    Sighting.objects.filter(pk=sighting.pk, stamp=sighting.stamp).update(incomplete=True, unchanged_since=since)


@transaction.atomic
def take_anyway(*, sighting_id: int) -> bool:
    """Whether the incomplete file still lies there; it is taken as it is at the next look."""
    return bool(Sighting.objects.filter(pk=sighting_id, incomplete=True).update(take_anyway=True))


def note_taken(*, sighting: Sighting, stamp: str, sha256: str) -> None:
    """In the transaction that stores the file: these bytes are not taken a second time."""
    Sighting.objects.filter(pk=sighting.pk).update(
        taken_stamp=stamp, taken_sha256=sha256, incomplete=False, take_anyway=False
    )
    _settle(sighting, "the file was taken")


def forget(*, sighting: Sighting) -> None:
    """The file was put away: the same name may come again."""
    Sighting.objects.filter(pk=sighting.pk).delete()


def _changed(row: Sighting, one: Waiting, now: dt.datetime) -> None:
    row.stamp, row.unchanged_since, row.incomplete, row.take_anyway = one.stamp, now, False, False
    row.save(update_fields=["stamp", "unchanged_since", "incomplete", "take_anyway"])


def _lose_patience(mailbox: Mailbox, row: Sighting, now: dt.datetime) -> None:
    if row.told_at is not None or now - row.unchanged_since < PATIENCE:
        return
    row.told_at = now
    row.save(update_fields=["told_at"])
    open_case(
        kind="edi.incomplete_file",
        code="incomplete_file",
        subject_type="edi_sighting",
        subject_id=str(row.pk),
        sentence=f"{row.name} in the mailbox {mailbox.path} of {mailbox.partner} has no end: its last IEA is missing "
        "and nothing was written for 15 minutes. It was left there, nothing was taken from it",
        account=mailbox.partner.account,
        data={"mailbox": mailbox.pk, "sighting": row.pk, "name": row.name},
    )


def _forget(gone: Sequence[Sighting]) -> None:
    for row in gone:
        if row.told_at:
            _settle(row, "the file is gone from the mailbox")
    Sighting.objects.filter(pk__in=[row.pk for row in gone]).delete()


def _settle(row: Sighting, reason: str) -> None:
    resolve_cases(subject_type="edi_sighting", subject_id=str(row.pk), resolution=Resolution.BY_EVENT, reason=reason)
