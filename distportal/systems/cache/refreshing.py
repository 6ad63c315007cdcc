"""Ask the other system for what somebody looked up, in a worker, behind the guard: one call for many keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from distportal.events.clock import database_now
from distportal.systems.cache.answers import NEVER, Answer, CachedRead
from distportal.systems.cache.store import count, put_answers, rest_claims
from distportal.systems.errors import Misconfigured, Rejected, SystemCallError

log = structlog.get_logger(__name__)

REST_SECONDS = 30.0
_OF_ONE_KEY = frozenset(
    f"erp.{what}"
    for what in (
        "unmapped_item", "unmapped_unit", "item_unknown", "item_blocked", "unit_unknown", "quantity_invalid",
        "price_missing",
    )
)  # fmt: skip
"""What is wrong with one of many keys, not with the connection or the account."""


def refresh(read: CachedRead, keys: Sequence[str], *, connection: str) -> int:
    """How many answers were taken; none where the other system does not answer: what is known stays, and nobody asks
    again for about REST_SECONDS. No transaction may be open.
    """
    try:
        answers = _asked(read, keys, connection)
    except SystemCallError as error:
        log.warning("cache.not_refreshed", read=read.name, connection=connection, keys=len(keys), error=error.code)
        count(read, failed=1)
        rest_claims(read, keys, connection=connection, seconds=REST_SECONDS)
        return 0
    put_answers(read, answers, connection=connection)
    return len(answers)


def _asked(read: CachedRead, keys: Sequence[str], connection: str) -> dict[str, Answer]:
    """An answer for every key. Where one that the other system does not know, or does not sell so, spoils the call for
    all, each half is asked alone, until it stands by itself.
    """
    count(read, calls=1)
    try:
        found = read.fetch(connection, keys)
    except (Misconfigured, Rejected) as error:
        if error.code not in _OF_ONE_KEY:
            raise
        if len(keys) > 1:
            half = len(keys) // 2
            return {**_asked(read, keys[:half], connection), **_asked(read, keys[half:], connection)}
        found = {}
    return {**_unknown(keys), **found}


def _unknown(keys: Sequence[str]) -> Mapping[str, Answer]:
    """Whatever is told of such a key later is newer."""
    now = database_now()
    return {key: Answer(value=None, as_of=NEVER, checked_at=now) for key in keys}
