"""A cache that hung carries out late what it was asked: nobody's slots may be taken by that."""

from __future__ import annotations

import pathlib
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from distportal.common.absence import Absence
from distportal.systems.limits import lost_tickets, shared, slots
from distportal.systems.limits.in_turn import in_turn
from distportal.systems.limits.lost_tickets import LostTickets
from distportal.systems.limits.slots import LEASE_SECONDS, Slot
from tests.distportal.systems.held import slot
from tests.own_redis import own_redis

Hang = Callable[[signal.Signals], None]
Giving = Callable[[], list[threading.Thread]]


@pytest.fixture
def absence() -> Absence:
    """It is asked by each call, however it answered the one before."""
    return Absence(0.0)


@pytest.fixture
def hang(tmp_path: pathlib.Path, absence: Absence, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hang]:
    """A cache of this test's own, and a process that soon believes it again."""
    with own_redis(tmp_path, "cache") as server:
        client = redis.Redis.from_url(server.start(), socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
        for module in (shared, lost_tickets):
            monkeypatch.setattr(module, "cache_redis", lambda: client)
        for module in ("shared", "slots", "in_turn"):
            monkeypatch.setattr(f"distportal.systems.limits.{module}.cache_absence", absence)
        monkeypatch.setattr(lost_tickets, "AGAIN_SECONDS", 0.05)
        monkeypatch.setattr(lost_tickets, "TOLD_SECONDS", 0.5)
        monkeypatch.setattr(slots, "_lost", LostTickets(LEASE_SECONDS))
        yield server.hurt


@pytest.fixture
def giving() -> Giving:
    """The threads that give back what this test lost."""
    before = set(threading.enumerate())
    return lambda: [one for one in threading.enumerate() if one.name == "lost-tickets" and one not in before]


def test_what_was_asked_while_it_hung_takes_no_slot_though_nobody_calls_again(hang: Hang, giving: Giving) -> None:
    system = f"hung-{uuid.uuid4().hex[:8]}"
    assert (taken(system), asked()) == (0, 0), "there is a connection"
    hang(signal.SIGSTOP)
    for _ in range(3):
        with slot(system, 1) as held:
            assert held, "each process goes by its own count"
    assert len(giving()) == 1, "and tries, though it hangs"
    hang(signal.SIGCONT)
    all_given_back(giving)
    assert asked() >= 1, "carried out late"
    assert taken(system) == 0


def test_what_was_asked_for_in_vain_is_given_back_though_a_later_giving_is_answered(hang: Hang, giving: Giving) -> None:
    system = f"hung-{uuid.uuid4().hex[:8]}"
    assert taken(system) == 0, "there is a connection"
    one = Slot(system, 1)
    assert one.enter()
    hang(signal.SIGSTOP)
    assert in_turn(one.taking()) == [0.0], "by the own count"
    assert len(giving()) == 1, "what was asked may be carried out after the giving, on another connection"
    hang(signal.SIGCONT)
    in_turn(one.giving())
    one.leave()
    all_given_back(giving)
    assert taken(system) == 0


def test_a_slot_that_could_not_be_given_back_is_free_once_it_answers(
    hang: Hang, absence: Absence, giving: Giving
) -> None:
    system = f"hung-{uuid.uuid4().hex[:8]}"
    with slot(system, 1) as held:
        assert held
        hang(signal.SIGSTOP)
        absence.seconds = 60.0
        absence.note()
    hang(signal.SIGCONT)
    assert absence.lasts, "the process itself leaves it alone for long"
    all_given_back(giving)
    assert taken(system) == 0


def test_a_server_that_never_comes_back_is_asked_no_longer_than_the_lease(hang: Hang, giving: Giving) -> None:
    tickets = LostTickets(lease_seconds=0.5)
    hang(signal.SIGSTOP)
    tickets.lose("key", "a")
    all_given_back(giving)
    hang(signal.SIGCONT)
    shared.cache_redis().zadd("key", {"b": 1})
    tickets.lose("key", "b")
    all_given_back(giving)
    assert shared.cache_redis().zcard("key") == 0, "the next one is given back as the first"


def taken(system: str) -> int:
    return int(shared.cache_redis().zcard(f"limits:slots:{system}"))  # type: ignore[arg-type]


def asked() -> int:
    """How many scripts the server has carried out."""
    found = shared.cache_redis().info("commandstats").get("cmdstat_eval", {})  # type: ignore[union-attr]
    return int(found.get("calls", 0))


def all_given_back(giving: Giving) -> None:
    end = time.monotonic() + 20
    while giving():
        assert time.monotonic() < end, "the thread goes on"
        time.sleep(0.05)
