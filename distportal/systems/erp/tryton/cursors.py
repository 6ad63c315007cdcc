"""The cursor of a feed: how far each of its sources was read, as one opaque string.

Tryton stamps a record with the time its transaction began, so one committed late carries an old stamp. After the end of
a feed the next read therefore starts `overlap` earlier; records already seen come again with the same version.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from distportal.systems.erp.tryton.http import Domain, Record, TrytonHttp
from distportal.systems.errors import OutOfStep

START = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Mark = tuple[dt.datetime, int]
STAMP = "last_modified_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model whose changes matter to a feed: which records, and what of them is read."""

    model: str
    domain: Domain
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What changed in each source since the cursor, the next cursor, and whether there is more.

    `beyond` tells by source whether there is news past the end that an earlier walk reached; during a walk it is false.
    """

    found: tuple[list[Record], ...]
    beyond: tuple[bool, ...]
    cursor: str
    more: bool


def walk(
    http: TrytonHttp, sources: Sequence[Source], cursor: str | None, limit: int, overlap: dt.timedelta, context: Record
) -> Walk:
    """The next page of every source. Raises OutOfStep `erp.cursor_unknown` for a cursor that is none of ours."""
    marks, ended = _read(cursor, len(sources))
    found, heads = [], []
    for source, mark in zip(sources, marks, strict=True):
        since = (mark[0] - overlap, 0) if ended and mark[0] > START else mark
        domain = [source.domain, _past(since)]
        fields = (STAMP, *source.fields)
        order = ((STAMP, "ASC"), ("id", "ASC"))
        rows = http.search(source.model, domain, fields, context=context, order=order, limit=limit)
        found.append(rows)
        heads.append((rows[-1][STAMP], rows[-1]["id"]) if rows else mark)
    more = any(len(rows) >= limit for rows in found)
    beyond = tuple(ended and head > mark for head, mark in zip(heads, marks, strict=True))
    # Within an overlap of several pages the walk goes on from the last record; at its end the high water counts.
    nexts = heads if more else [max(head, mark) for head, mark in zip(heads, marks, strict=True)]
    return Walk(found=tuple(found), beyond=beyond, cursor=_write(nexts, ended=not more), more=more)


def _past(mark: Mark) -> Domain:
    at, record_id = mark
    return ["OR", [[STAMP, ">", at]], [[STAMP, "=", at], ["id", ">", record_id]]]


def _write(marks: Sequence[Mark], *, ended: bool) -> str:
    return json.dumps([ended, [[at.isoformat(), record_id] for at, record_id in marks]], separators=(",", ":"))


def _read(cursor: str | None, sources: int) -> tuple[list[Mark], bool]:
    if not cursor:
        return [(START, 0)] * sources, False
    try:
        ended, marks = json.loads(cursor)
        read = [(dt.datetime.fromisoformat(at), int(record_id)) for at, record_id in marks]
    except (ValueError, TypeError) as error:
        raise OutOfStep("erp.cursor_unknown", f"this cursor is not of Tryton: {cursor[:60]!r}") from error
    if len(read) != sources:
        raise OutOfStep("erp.cursor_unknown", "this cursor was made for other sources")
    return read, bool(ended)


def version(*stamps: dt.datetime) -> str:
    """A version that grows: the latest stamp, in a form that sorts as text."""
    return max(stamps).astimezone(dt.UTC).isoformat(timespec="microseconds")
