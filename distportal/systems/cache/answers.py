"""What a cached read deals in: answers of another system, and what a page sees of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

How = Literal["fresh", "stale", "snapshot", "nothing"]
Asking = Literal["no", "now", "resting"]
NEVER = dt.datetime.fromtimestamp(0, dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other system said of one key, as JSON; `value` None where it does not know it.

    `as_of` orders answers: by the other system's clock, or by ours where it tells no moment. `checked_at` is when it
    said so, by the database's clock.
    """

    value: Any
    as_of: dt.datetime
    checked_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Seconds. Past `soft` an answer is served and asked for again, past `hard` it is not served any more; that a key
    is `unknown` counts for a shorter time.
    """

    soft: float
    hard: float
    unknown: float


Ask = Callable[[str, Sequence[str]], Mapping[str, Answer]]
"""(connection, keys) -> answers by key."""


def _itself(key: str) -> Collection[str]:
    return (key,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedRead:
    """A question that many ask. `fetch` makes one call for all keys, in a worker, outside of any transaction; what it
    leaves out is unknown to the other system. `snapshot` reads PostgreSQL. `tags` of a key are what news may be of.
    """

    name: str
    ages: Ages
    fetch: Ask
    snapshot: Ask
    tags: Callable[[str], Collection[str]] = _itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page has of one key. `fresh` and `stale` are of the cache or just confirmed, a `snapshot` is PostgreSQL's.

    `asking` tells whether the other system is being asked `now`, or is left alone because it did not answer.
    """

    answer: Answer | None
    how: How
    asking: Asking

    @property
    def value(self) -> Any:
        """What was said, None for what is unknown."""
        return self.answer.value if self.answer else None

    @property
    def as_of(self) -> dt.datetime | None:
        """By the clock that orders answers; None where nothing was ever said."""
        return _moment(self.answer.as_of) if self.answer else None

    @property
    def checked_at(self) -> dt.datetime | None:
        """When the other system said so; None where it never did."""
        return _moment(self.answer.checked_at) if self.answer else None


def _moment(at: dt.datetime) -> dt.datetime | None:
    return None if at == NEVER else at


def weakest(seen: Collection[Seen]) -> Seen | None:
    """The one that a page must be as careful about as about all of them; None where there is none."""
    order = ("nothing", "snapshot", "stale", "fresh")
    return min(seen, key=lambda s: (order.index(s.how), s.checked_at or NEVER), default=None)


_known: dict[str, CachedRead] = {}


def cached_read(read: CachedRead) -> CachedRead:
    """Register a read, so that a worker finds it by name."""
    _known[read.name] = read
    return read


def known_read(name: str) -> CachedRead | None:
    """The read of that name, None where this version of the code does not know it."""
    return _known.get(name)


def known_reads() -> list[str]:
    """All names."""
    return sorted(_known)
