"""The guard on a real Redis, and without one."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from unittest.mock import patch

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from distportal.common.redis_client import cache_redis
from distportal.events.working import working
from distportal.systems import guard
from distportal.systems.errors import Rejected, Transient
from distportal.systems.guard import Limits, guarded
from distportal.systems.limits import breaker, shared
from distportal.systems.limits.bucket import taking_token
from distportal.systems.limits.in_turn import Step, in_turn
from distportal.systems.models import SystemCall
from tests.distportal.systems.held import slot

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["redis", "local"])
def limits(request: pytest.FixtureRequest) -> Iterator[Limits]:
    """Limits of a system nobody used before, once shared and once with Redis away."""
    shared.forget_absence()
    made = Limits(system=f"t-{uuid.uuid4().hex[:12]}", rate_per_minute=6000, concurrency=2, prefix="erp")
    if request.param == "redis":
        assert cache_redis().ping()
        yield made
        return
    gone = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1, retry=Retry(NoBackoff(), 0))
    with patch.object(shared, "cache_redis", lambda: gone):
        yield made
    shared.forget_absence()


def fail(limits: Limits, times: int) -> None:
    """Calls that the system did not survive."""
    for _ in range(times):
        with pytest.raises(Transient), guarded(limits, "find_order", "read"):
            raise Transient("erp.no_answer")


def ask(name: str) -> float:
    """What the breaker answers one who wants to call: milliseconds, or that it may go."""
    return in_turn(breaker.asking(name))[0]


def refusing(wait: int) -> Step:
    """A bucket that has the next token after so many milliseconds."""
    return Step(script="return ARGV[1]", keys=(), args=(wait,), here=lambda: wait)


def test_a_call_leaves_one_row(limits: Limits) -> None:
    with guarded(limits, "find_order", "read", "NL-1"):
        pass
    row = SystemCall.objects.get(system=limits.system)
    assert (row.call, row.reference, row.outcome, row.error_code) == ("find_order", "NL-1", "ok", "")


def test_twenty_failures_open_the_breaker_of_that_endpoint_only(limits: Limits) -> None:
    fail(limits, 19)
    with guarded(limits, "changes", "read"):
        pass
    fail(limits, 1)
    with pytest.raises(Transient) as caught, guarded(limits, "find_order", "read"):
        pytest.fail("the call was made")
    assert caught.value.code == "erp.breaker_open"
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 10
    with guarded(limits, "changes", "read"):
        pass
    assert SystemCall.objects.filter(system=limits.system, call="find_order").count() == 20


def test_a_refusal_by_the_system_does_not_open_the_breaker(limits: Limits) -> None:
    for _ in range(25):
        with pytest.raises(Rejected), guarded(limits, "find_order", "read"):
            raise Rejected("erp.item_blocked")
    with guarded(limits, "find_order", "read"):
        pass


def test_one_probe_at_a_time_closes_the_breaker(limits: Limits) -> None:
    with patch.object(breaker, "OPEN_SECONDS", 0.001):
        fail(limits, 20)
        name = f"{limits.system}:find_order:read"
        time.sleep(0.02)
        assert breaker.pass_of(ask(name)) == "probe"
        assert ask(name) == breaker.PROBE_WAIT * 1000
        in_turn(breaker.recording(name, "probe", ok=True))
        assert breaker.pass_of(ask(name)) == "closed"


def test_a_failed_probe_opens_it_again(limits: Limits) -> None:
    name = f"{limits.system}:find_order:read"
    with patch.object(breaker, "OPEN_SECONDS", 0.001):
        fail(limits, 20)
    time.sleep(0.02)
    fail(limits, 1)
    assert ask(name) > breaker.PROBE_WAIT * 1000, "as long as ever: nobody tries it now"


def test_no_more_calls_at_once_than_agreed(limits: Limits) -> None:
    with guarded(limits, "a", "read"), guarded(limits, "b", "read"):
        with pytest.raises(Transient) as caught, guarded(limits, "c", "read"):
            pytest.fail("the call was made")
        assert caught.value.code == "erp.no_slot"
    with guarded(limits, "c", "read"):
        pass


def test_the_bucket_refuses_and_says_when(limits: Limits) -> None:
    waits = [in_turn(taking_token(limits.system, 12))[0] for _ in range(3)]
    assert waits[0] == 0.0
    assert waits[1] > 0
    assert 0 < waits[2] <= 20_000


def test_a_used_up_rate_makes_no_call(limits: Limits) -> None:
    slow = Limits(system=limits.system, rate_per_minute=12, concurrency=2, prefix="erp")
    with guarded(slow, "a", "read"):
        pass
    with pytest.raises(Transient) as caught, guarded(slow, "a", "read"):
        pytest.fail("the call was made")
    assert caught.value.code == "erp.no_token"
    assert SystemCall.objects.filter(system=limits.system).count() == 1


def test_a_worker_waits_a_moment_for_its_token_and_a_request_does_not(limits: Limits) -> None:
    """The token comes at the fourth look, however long the machine takes to look."""
    waits = iter([50, 50, 50, 0])
    with (
        patch.object(guard, "taking_token", lambda *_: refusing(next(waits))),
        patch.object(guard, "PATIENCE", 60.0),
        patch.object(guard, "time", wraps=time) as clock,
    ):
        with pytest.raises(Transient, match="rate is used up"), guarded(limits, "a", "read"):
            pytest.fail("the call was made")
        assert clock.sleep.call_count == 0
        with working(), guarded(limits, "a", "read"):
            assert clock.sleep.call_count == 2


def test_a_worker_that_waited_in_vain_holds_no_slot(limits: Limits) -> None:
    slow = Limits(system=limits.system, rate_per_minute=12, concurrency=1, prefix="erp")
    with guarded(slow, "a", "read"):
        pass
    with patch.object(guard, "PATIENCE", 0.3), working():
        with pytest.raises(Transient, match="rate is used up"), guarded(slow, "a", "read"):
            pytest.fail("the call was made")
        with pytest.raises(Transient, match="rate is used up"), guarded(slow, "a", "read"):
            pytest.fail("the call was made")
    with slot(slow.system, 1) as held:
        assert held


def test_a_slot_of_a_killed_worker_comes_back() -> None:
    shared.forget_absence()
    system = f"t-{uuid.uuid4().hex[:12]}"
    cache_redis().zadd(f"limits:slots:{system}", {"dead": 1})
    with slot(system, 1) as held:
        assert held


def test_a_probe_without_a_token_leaves_the_probe_to_the_next(limits: Limits) -> None:
    name = f"{limits.system}:find_order:read"
    with patch.object(breaker, "OPEN_SECONDS", 0.001):
        fail(limits, 20)
    time.sleep(0.02)
    with (
        patch.object(guard, "taking_token", lambda *_: refusing(50)),
        pytest.raises(Transient, match="rate is used up"),
        guarded(limits, "find_order", "read"),
    ):
        pytest.fail("the call was made")
    assert breaker.pass_of(ask(name)) == "probe"
    assert ask(name) == breaker.PROBE_WAIT * 1000


def test_a_call_asks_redis_once_before_and_once_after() -> None:
    shared.forget_absence()
    system = f"t-{uuid.uuid4().hex[:12]}"
    one = Limits(system=system, rate_per_minute=6000, concurrency=2, prefix="erp")
    with patch.object(shared, "cache_redis", wraps=shared.cache_redis) as asked:
        with guarded(one, "find_order", "read"):
            assert asked.call_count == 1
        assert asked.call_count == 2
