"""Who looks at a case just now: a hint in Redis that warns and never blocks; away with Redis, nothing is known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

import redis

from distportal.accounts.models import User
from distportal.common.redis_client import cache_absence, cache_redis

SECONDS = 45
"""So long after the last sign of life somebody still counts as looking."""


def look_at(*, case_id: UUID, user: User) -> list[str]:
    """Notes that the person looks, and gives the names of the others who do."""
    if cache_absence.lasts:
        return []
    try:
        with cache_redis().pipeline(transaction=False) as pipe:
            pipe.hset(_key(case_id), str(user.pk), f"{time.time():.0f}|{user}")
            pipe.expire(_key(case_id), SECONDS * 2)
            pipe.hgetall(_key(case_id))
            *_, found = pipe.execute()
    except redis.RedisError:
        cache_absence.note()
        return []
    return _names(found, but=str(user.pk))


def who_looks(case_ids: Sequence[UUID], *, but: User) -> dict[UUID, list[str]]:
    """The names of those who look at each case, the person's own left out; in one round trip."""
    if not case_ids or cache_absence.lasts:
        return {}
    try:
        with cache_redis().pipeline(transaction=False) as pipe:
            for case_id in case_ids:
                pipe.hgetall(_key(case_id))
            found = pipe.execute()
    except redis.RedisError:
        cache_absence.note()
        return {}
    seen = {case_id: _names(one, but=str(but.pk)) for case_id, one in zip(case_ids, found, strict=True)}
    return {case_id: names for case_id, names in seen.items() if names}


def _key(case_id: UUID) -> str:
    return f"desk:looks:{case_id}"


def _names(found: dict[str, str], *, but: str) -> list[str]:
    since = time.time() - SECONDS
    marks = (value.partition("|") for user, value in found.items() if user != but)
    return sorted(name for at, _, name in marks if at.isdecimal() and int(at) >= since)
