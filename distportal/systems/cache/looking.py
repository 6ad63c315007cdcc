"""Look something up: from Redis, else from PostgreSQL. The other system is asked by a worker, never by who looks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence

from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.pressure import pressure
from distportal.systems.cache.answers import Answer, Asking, CachedRead, Seen
from distportal.systems.cache.store import Entry, count, put_answers, read_entries

REFRESH_JOB = "systems.refresh_cache"
ABSENT = Entry("missing", None, "")


def look_up(read: CachedRead, keys: Sequence[str], *, connection: str = "default") -> dict[str, Seen]:
    """What is known of each key, at once. What is not fresh is asked for in the background: one call for all keys of
    this look, one look of all that come at the same time. Under pressure, and while Redis is away, nothing is asked.
    """
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    calm = pressure().level < Level.SHED
    entries = read_entries(read, wanted, connection=connection, claim=calm)
    if entries is None:
        return {key: _seen(ABSENT, answer) for key, answer in _snapshot(read, wanted, connection).items()}
    open_keys = [key for key in wanted if entries[key].state != "fresh"]
    behind = _snapshot(read, open_keys, connection) if open_keys else {}
    confirmed = _confirmed(read, behind)
    if confirmed:
        put_answers(read, confirmed, connection=connection)
    if mine := [key for key in open_keys if entries[key].asking == "mine" and key not in confirmed]:
        digest = hashlib.sha256("\n".join(sorted(mine)).encode()).hexdigest()[:32]
        payload = {"read": read.name, "connection": connection, "keys": mine}
        enqueue_job(REFRESH_JOB, key=f"{read.name}:{connection}:{digest}", payload=payload)
    seen = {}
    for key in wanted:
        if key in confirmed:
            seen[key] = Seen(answer=confirmed[key], how="fresh", asking="no")
        else:
            seen[key] = _seen(entries[key], behind.get(key))
    if from_behind := sum(found.how == "snapshot" for found in seen.values()) + len(confirmed):
        count(read, snapshot=from_behind, confirmed=len(confirmed))
    return seen


def _snapshot(read: CachedRead, keys: Sequence[str], connection: str) -> dict[str, Answer | None]:
    found = read.snapshot(connection, keys)
    return {key: found.get(key) for key in keys}


def _confirmed(read: CachedRead, behind: Mapping[str, Answer | None]) -> dict[str, Answer]:
    """What PostgreSQL was told so lately that asking again would tell nothing new."""
    known = {key: answer for key, answer in behind.items() if answer is not None}
    if not known:
        return {}
    since = database_now() - dt.timedelta(seconds=read.ages.soft)
    return {key: answer for key, answer in known.items() if answer.checked_at > since}


def _seen(entry: Entry, behind: Answer | None) -> Seen:
    """The newer of what the cache and PostgreSQL have; news made void what the cache had."""
    asking: Asking = "now" if entry.asking in ("mine", "now") else "resting" if entry.asking else "no"
    if entry.state == "fresh":
        return Seen(answer=entry.answer, how="fresh", asking="no")
    cached = entry.answer if entry.state == "stale" else None
    if cached is not None and (behind is None or behind.as_of <= cached.as_of):
        return Seen(answer=cached, how="stale", asking=asking)
    return Seen(answer=behind, how="snapshot" if behind else "nothing", asking=asking)
