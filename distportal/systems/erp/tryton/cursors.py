"""Walk the records of Tryton's models by the time they were last changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from distportal.systems.erp.keyset import read_cursor, write_cursor
from distportal.systems.erp.tryton.http import Domain, Record, TrytonHttp

STAMP = "last_modified_at"  # when the record's transaction began


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
    place = read_cursor(cursor, len(sources), 0)
    found, heads = [], []
    for n, source in enumerate(sources):
        at, record_id = place.since(n, overlap, 0)
        past: Domain = ["OR", [[STAMP, ">", at]], [[STAMP, "=", at], ["id", ">", record_id]]]
        fields, order = (STAMP, *source.fields), ((STAMP, "ASC"), ("id", "ASC"))
        rows = http.search(source.model, [source.domain, past], fields, context=context, order=order, limit=limit)
        found.append(rows)
        heads.append((rows[-1][STAMP], int(rows[-1]["id"])) if rows else place.marks[n])
    more = any(len(rows) >= limit for rows in found)
    beyond = tuple(place.ended and head > mark for head, mark in zip(heads, place.marks, strict=True))
    return Walk(found=tuple(found), beyond=beyond, cursor=write_cursor(place.moved(heads, more=more)), more=more)
