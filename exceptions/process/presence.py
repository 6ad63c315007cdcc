"""Who looks at a case just now: a hint in Redis that warns and never blocks; away with Redis, nothing is known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import redis

from distportal.accounts.models import User
from distportal.common.redis_client import cache_absence, cache_redis

SECONDS = 45
"""So long after the last sign of life somebody still counts as looking."""
_KEY = "desk:looking"
"""All who look at any case, by the time of their last sign: a list of fifty cases asks once."""


def look_at(*, case_id: UUID, user: User) -> list[str]:
    """Notes that the person looks, and gives the names of the others who do."""
    if cache_absence.lasts:
        return []
    now = time.time()
    try:
        with cache_redis().pipeline(transaction=False) as pipe:
            pipe.zadd(_KEY, {f"{case_id}|{user.pk}|{user}": now})
            pipe.zremrangebyscore(_KEY, "-inf", f"({now - SECONDS}")
            pipe.expire(_KEY, SECONDS * 2)
            pipe.zrange(_KEY, 0, -1)
            *_, found = pipe.execute()
    except redis.RedisError:
        cache_absence.note()
        return []
    return _names(found, but=user).get(case_id, [])


def who_looks(case_ids: Sequence[UUID], *, but: User) -> dict[UUID, list[str]]:
    """The names of those who look at each case, the person's own left out; in one round trip."""
    if not case_ids or cache_absence.lasts:
        return {}
    try:
        found: Any = cache_redis().zrangebyscore(_KEY, time.time() - SECONDS, "+inf")
    except redis.RedisError:
        cache_absence.note()
        return {}
    seen = _names(found, but=but)
    return {case_id: seen[case_id] for case_id in case_ids if case_id in seen}


def _names(found: Sequence[str], *, but: User) -> dict[UUID, list[str]]:
    """By case who looks at it; each person once, by the name of the last sign."""
    by_case: dict[str, dict[str, str]] = {}
    for sign in found:
        case_id, person, name = sign.split("|", 2)
        if person != str(but.pk):
            by_case.setdefault(case_id, {})[person] = name
    return {UUID(case_id): sorted(names.values()) for case_id, names in by_case.items()}
