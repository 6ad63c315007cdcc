"""How far a feed was read: for each source the time and id of its last record, as one opaque string.

An ERP may stamp a record with the time its transaction began, so one committed late carries an old stamp. After the end
of a feed the next read therefore starts an overlap earlier; what was seen already comes again with the same version.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from distportal.systems.errors import OutOfStep

K = TypeVar("K", int, str)
START = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Place(Generic[K]):
    """The marks of a feed's sources; `ended` tells that the last read came to the end."""

    marks: tuple[tuple[dt.datetime, K], ...]
    ended: bool

    def since(self, source: int, overlap: dt.timedelta, first: K) -> tuple[dt.datetime, K]:
        """Where the next read of a source begins: beyond this time and id."""
        mark = self.marks[source]
        return (mark[0] - overlap, first) if self.ended and mark[0] > START else mark

    def moved(self, heads: Sequence[tuple[dt.datetime, K]], *, more: bool) -> Place[K]:
        """The place after a page whose last records are `heads`."""
        # Within an overlap of several pages the walk goes on from the last record; at its end the high water counts.
        marks = heads if more else [max(head, mark) for head, mark in zip(heads, self.marks, strict=True)]
        return Place(marks=tuple(marks), ended=not more)


def read_cursor(cursor: str | None, sources: int, first: K) -> Place[K]:
    """The place of a cursor; None is the start of history. Raises OutOfStep for a cursor that is none of ours."""
    if not cursor:
        return Place(marks=((START, first),) * sources, ended=False)
    try:
        ended, marks = json.loads(cursor)
        read = tuple((dt.datetime.fromisoformat(at), type(first)(record_id)) for at, record_id in marks)
    except (ValueError, TypeError) as error:
        raise OutOfStep("erp.cursor_unknown", f"this cursor is not of this connection: {cursor[:60]!r}") from error
    if len(read) != sources:
        raise OutOfStep("erp.cursor_unknown", "this cursor was made for another feed")
    return Place(marks=read, ended=bool(ended))


def write_cursor(place: Place[K]) -> str:
    """The string to store with the effects of the page."""
    marks = [[at.isoformat(), record_id] for at, record_id in place.marks]
    return json.dumps([place.ended, marks], separators=(",", ":"))


def version(*stamps: dt.datetime) -> str:
    """A version that grows: the latest stamp, in a form that sorts as text."""
    return max(stamps).astimezone(dt.UTC).isoformat(timespec="microseconds")
