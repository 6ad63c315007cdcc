"""How many calls the caches have spared other systems, since Redis last began to count."""

from __future__ import annotations

from dataclasses import dataclass

from distportal.systems.cache.answers import known_reads
from distportal.systems.cache.store import counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Of one read: `looks` are calls that there would be without a cache, each for all keys of a page; `calls` those
    that were made, `failed` of them without an answer. Keys by how they were found: `fresh` (`unknown` of them as
    such), `stale`, `void` by news, `missing`; `snapshot` are those that PostgreSQL answered, `confirmed` of them by a
    feed that was read just before.
    """

    read: str
    looks: int
    calls: int
    failed: int
    fresh: int
    stale: int
    void: int
    missing: int
    unknown: int
    snapshot: int
    confirmed: int

    @property
    def saved(self) -> int:
        """Calls that were not made; below nothing where unknown keys cost more calls than there were looks."""
        return self.looks - self.calls

    @property
    def keys(self) -> int:
        """All that was looked for."""
        return self.fresh + self.stale + self.void + self.missing


def savings() -> list[Savings] | None:
    """Of every read, by name; None while Redis is away."""
    found = []
    names = ("calls", "failed", "fresh", "stale", "void", "missing", "unknown", "snapshot", "confirmed")
    for name in known_reads():
        told = counts(name)
        if told is None:
            return None
        numbers = {what: told.get(what, 0) for what in names}
        found.append(Savings(read=name, looks=told.get("lookups", 0), **numbers))
    return found
