"""A cache that hung carries out late what it was asked: nobody's slots may not be taken by that."""

from __future__ import annotations

import pathlib
import signal
import uuid
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from distportal.common.absence import Absence
from distportal.systems.limits import lost_tickets, shared, slots
from distportal.systems.limits.lost_tickets import LostTickets
from distportal.systems.limits.slots import slot
from tests.own_redis import own_redis

Hang = Callable[[signal.Signals], None]


@pytest.fixture
def hang(tmp_path: pathlib.Path) -> Iterator[Hang]:
    """A cache of this test's own, asked by each call however it answered the one before."""
    absence = Absence(0.0)
    with own_redis(tmp_path, "cache") as server:
        client = redis.Redis.from_url(server.start(), socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
        with (
            patch.object(shared, "cache_redis", lambda: client),
            patch.object(shared, "cache_absence", absence),
            patch.object(slots, "cache_absence", absence),
            patch.object(slots, "_lost", LostTickets()),
        ):
            yield server.hurt


def test_what_was_asked_while_it_hung_takes_no_slot_afterwards(hang: Hang) -> None:
    system = f"hung-{uuid.uuid4().hex[:8]}"
    assert taken(system) == 0, "there is a connection"
    hang(signal.SIGSTOP)
    for _ in range(3):
        with slot(system, 1) as held:
            assert held, "each process goes by its own count"
    hang(signal.SIGCONT)
    assert taken(system) == 1, "carried out late"
    with slot(system, 1) as held:
        assert held
    assert taken(system) == 0


def test_a_slot_that_could_not_be_given_back_is_free_once_it_answers(hang: Hang) -> None:
    system = f"hung-{uuid.uuid4().hex[:8]}"
    with slot(system, 1) as held:
        assert held
        with patch.object(slots.cache_absence, "seconds", 60.0):
            slots.cache_absence.note()
    assert taken(system) == 1, "nobody asks a server that is away"
    slots.cache_absence.forget()
    with slot(system, 1) as held:
        assert held
    assert taken(system) == 0


def test_what_is_lost_is_told_for_a_while_and_then_forgotten() -> None:
    tickets = LostTickets()
    for number in range(lost_tickets.MOST + 1):
        tickets.lose("key", str(number))
    assert tickets.of("key")[0] == "1", "the oldest is left to its lease"
    tickets.told("key", ["1", "2"])
    assert tickets.of("key")[:2] == ["1", "2"], "it may still come on another connection"
    with patch.object(lost_tickets, "TOLD_SECONDS", -1.0):
        tickets.told("key", ["1", "2"])
    assert tickets.of("key")[0] == "3"


def taken(system: str) -> int:
    return int(shared.cache_redis().zcard(f"limits:slots:{system}"))  # type: ignore[arg-type]
