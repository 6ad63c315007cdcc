"""Calls at once: fewer when the system cannot keep up, one more after each clean window, never beyond the agreement."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from unittest.mock import patch

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from distportal.systems.errors import Rejected, Transient, UnknownOutcome
from distportal.systems.guard import Limits, guarded
from distportal.systems.limits import adaptive, shared
from distportal.systems.limits.in_turn import Step, in_turn
from distportal.systems.models import SystemCall
from tests.distportal.systems.held import slot

MOST = 10


@pytest.fixture(params=["redis", "local"])
def system(request: pytest.FixtureRequest) -> Iterator[str]:
    """A system nobody used before, once shared and once with Redis away; windows end after five calls at once."""
    shared.forget_absence()
    name = f"t-{uuid.uuid4().hex[:12]}"
    with patch.object(adaptive, "WINDOW_MS", 0):
        if request.param == "redis":
            yield name
            return
        gone = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1, retry=Retry(NoBackoff(), 0))
        with patch.object(shared, "cache_redis", lambda: gone):
            yield name
    shared.forget_absence()


def observe(system: str, endpoint: str, ms: float, *, pushed_back: bool, most: int) -> int:
    """The limit after a call."""
    return int(in_turn(adaptive.observing(system, endpoint, ms, pushed_back=pushed_back, most=most))[0])


def window(system: str, ms: float, *, endpoint: str = "find", calls: int = 5) -> int:
    """The limit after a window of calls that took so long."""
    return [observe(system, endpoint, ms, pushed_back=False, most=MOST) for _ in range(calls)][-1]


def push_back(system: str) -> int:
    return observe(system, "find", 2000, pushed_back=True, most=MOST)


def test_a_system_that_keeps_up_bears_what_was_agreed(system: str) -> None:
    assert [window(system, 50) for _ in range(4)] == [MOST] * 4


def test_each_timeout_takes_three_tenths_and_each_clean_window_gives_one_back(system: str) -> None:
    assert [push_back(system) for _ in range(7)] == [7, 4, 2, 1, 1, 1, 1]
    assert [window(system, 50) for _ in range(11)] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]


def test_timeouts_of_one_moment_count_once(system: str) -> None:
    with patch.object(adaptive, "WINDOW_MS", 60_000):
        assert [push_back(system) for _ in range(5)] == [7] * 5


def test_half_the_calls_twice_as_slow_as_usual_cut(system: str) -> None:
    window(system, 50)
    assert window(system, 99) == MOST
    assert window(system, 150) == 7
    assert window(system, 150) == 4


def test_one_slow_call_of_many_cuts_nothing(system: str) -> None:
    window(system, 50)
    for ms in (900, 50, 50, 50, 50):
        limit = observe(system, "find", ms, pushed_back=False, most=MOST)
    assert limit == MOST


def test_each_kind_of_call_is_compared_with_its_like(system: str) -> None:
    window(system, 50)
    window(system, 900, endpoint="snapshot")
    assert window(system, 900, endpoint="snapshot") == MOST
    assert window(system, 900) == 7


def test_a_system_that_has_become_slower_for_good_is_usual_again(system: str) -> None:
    window(system, 50)
    limits = [window(system, 150) for _ in range(60)]
    assert min(limits) == 1
    assert limits[-1] == MOST


def test_quick_calls_do_not_cut_for_a_few_milliseconds(system: str) -> None:
    window(system, 2)
    assert window(system, 15) == MOST


def test_a_lower_agreement_holds_at_once(system: str) -> None:
    window(system, 50)
    assert observe(system, "find", 50, pushed_back=False, most=3) == 3


def test_slots_follow_the_limit(system: str) -> None:
    for _ in range(4):
        push_back(system)
    with slot(system, MOST) as first, slot(system, MOST) as second:
        assert (first, second) == (True, False)
    with slot(system, MOST) as again:
        assert again


@pytest.mark.django_db
def test_the_guard_tells_what_the_system_could_not_bear_and_not_what_it_refused(system: str) -> None:
    limits = Limits(system=system, rate_per_minute=60_000, concurrency=4, prefix="erp")
    seen: list[bool] = []

    observing = adaptive.observing

    def note(system: str, endpoint: str, ms: float, *, pushed_back: bool, most: int) -> Step:
        seen.append(pushed_back)
        return observing(system, endpoint, ms, pushed_back=pushed_back, most=most)

    with patch.object(adaptive, "observing", note):
        with guarded(limits, "find", "read"):
            pass
        for error in (Rejected("erp.blocked"), Transient("erp.busy"), UnknownOutcome("erp.no_verdict")):
            with pytest.raises(type(error)), guarded(limits, "find", "write"):
                raise error
    assert seen == [False, True, True]
    assert SystemCall.objects.filter(system=system).count() == 4
