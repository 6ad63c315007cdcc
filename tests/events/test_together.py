"""Where much waits, a relay brings events of several aggregates in one transaction: all of them or each by itself."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from distportal.events import effects
from distportal.events.base import Delivered, Event
from distportal.events.choices import DeliveryState
from distportal.events.clock import database_now
from distportal.events.models import ConsumedEvent, OutboxDelivery, OutboxEvent
from distportal.events.outbox import publish
from distportal.events.registry import subscription
from distportal.events.relay import LATE, locked_heads
from distportal.events.rounds import TOGETHER, relay_aggregate, relay_many, relay_next
from distportal.events.running import MOST_LOST
from exceptions.models import Case
from tests.at_once import at_once
from tests.died import Died
from tests.events import kinds
from tests.events.test_outbox import happen, seen

THINGS = ("1", "2", "3")
ALL = [("thing", thing) for thing in THINGS]


@pytest.fixture(autouse=True)
def _undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distportal.events.rounds.bring_together", kinds.bring_or_undo)


def happen_to(*things: str) -> None:
    for thing in things:
        happen(thing)


def of(thing: str, does: Any) -> Any:
    """What happens when an event of that one comes."""
    return lambda event: does(event) if event.aggregate_id == thing else None


def die(_: Any) -> None:
    raise Died


def fail(_: Any) -> None:
    raise ValueError("no")


def state(thing: str, destination: str = "test.strict") -> tuple[str, int, int]:
    row = OutboxDelivery.objects.get(destination=destination, aggregate_id=thing)
    return row.state, row.attempts, row.lost


def sent(sent: CaptureQueriesContext, word: str) -> int:
    return sum(query["sql"].startswith(word) for query in sent)


@pytest.mark.django_db(transaction=True)
def test_one_transaction_brings_the_first_of_all_and_costs_as_much_as_that_of_one() -> None:
    happen("0")
    with CaptureQueriesContext(connection) as one:
        assert relay_next("thing", "0") == 2
    happen_to(*THINGS)
    with CaptureQueriesContext(connection) as three:
        assert relay_next("thing", "2") == 6
    assert {thing: (seen("strict", thing), seen("loose", thing)) for thing in THINGS} == dict.fromkeys(
        THINGS, ([1], [1])
    )
    assert (sent(three, "BEGIN"), sent(three, "SAVEPOINT"), sent(one, "SAVEPOINT")) == (1, 0, 2)
    assert len(three) <= len(one)


@pytest.mark.django_db
def test_a_hint_of_what_went_along_with_another_costs_one_statement() -> None:
    happen_to(*THINGS)
    assert relay_next("thing", "1") == 6
    with CaptureQueriesContext(connection) as told:
        assert [relay_next("thing", thing) for thing in THINGS] == [0, 0, 0]
    assert len(told) == 3


@pytest.mark.django_db
def test_a_hint_brings_what_failed_before_and_is_due_and_not_what_waits_for_its_time() -> None:
    kinds.behaviour["strict"] = fail
    happen("1")
    assert relay_next("thing", "1") == 1, "the loose one"
    kinds.behaviour.clear()
    failed, now = OutboxDelivery.objects.filter(state=DeliveryState.PENDING), database_now()
    assert failed.update(next_at=now + dt.timedelta(hours=1)) == 1
    with CaptureQueriesContext(connection) as told:
        assert relay_next("thing", "1") == 0
    assert len(told) == 1, "and opens no transaction for it"
    failed.update(next_at=now)
    assert relay_next("thing", "1") == 1
    assert (seen("strict", "1"), seen("loose", "1")) == ([1], [1])


@pytest.mark.django_db
def test_later_events_of_each_follow_in_order() -> None:
    happen_to(*THINGS, *THINGS, "2")
    assert relay_many(ALL) == 14
    assert (seen("strict"), seen("strict", "2"), seen("loose", "3")) == ([1, 2], [1, 2, 3], [1, 2])


@pytest.mark.django_db
def test_one_that_fails_has_no_effect_and_the_others_have_theirs_once() -> None:
    def write_then_fail(event: Delivered) -> None:
        publish(Event(type="thing.echoed", aggregate_type="echo", aggregate_id="1", payload={}))
        raise ValueError("after the write")

    kinds.behaviour["strict"] = of("2", write_then_fail)
    happen_to(*THINGS)
    assert relay_many(ALL) == 5
    assert [seen("strict", thing) for thing in THINGS] == [[1], [], [1]]
    assert [seen("loose", thing) for thing in THINGS] == [[1], [1], [1]]
    assert not OutboxEvent.objects.filter(type="thing.echoed").exists()
    assert (state("2")[0], state("3")) == ("pending", ("delivered", 1, 0))
    assert ConsumedEvent.objects.count() == 5


@pytest.mark.django_db
def test_one_that_breaks_the_transaction_takes_nobody_along() -> None:
    def ask_nonsense(_: Any) -> None:
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    kinds.behaviour["strict"] = of("1", ask_nonsense)
    happen_to(*THINGS)
    relay_many(ALL)
    assert [seen("strict", thing) for thing in ("2", "3")] == [[1], [1]]
    assert state("1")[0] == "pending"


@pytest.mark.django_db
def test_what_failed_before_does_not_break_up_the_next_round() -> None:
    kinds.behaviour["strict"] = of("2", fail)
    happen_to(*THINGS)
    relay_many(ALL)
    happen_to("1", "3")
    OutboxDelivery.objects.filter(state=DeliveryState.PENDING).update(next_at=database_now())
    with CaptureQueriesContext(connection) as ran:
        assert relay_many(ALL) == 4
    assert (seen("strict"), seen("strict", "2"), seen("strict", "3")) == ([1, 2], [], [1, 2])
    assert state("2")[0] == "pending"
    assert sum("test.loose" in query["sql"] and "INTO events_consumedevent" in query["sql"] for query in ran) == 1


@pytest.mark.django_db
def test_what_ends_its_process_dies_alone() -> None:
    """Two deaths take all along, since nobody can tell whose they were; after that each goes by itself."""
    kinds.behaviour["strict"] = of("2", die)
    happen_to(*THINGS)
    with pytest.raises(Died):
        relay_many(ALL)
    assert {state(thing) for thing in THINGS} == {("pending", 0, 0)}, "as if it had not begun"
    OutboxDelivery.objects.update(next_at=database_now() - 2 * LATE)
    with pytest.raises(Died):
        relay_many(ALL)
    assert {state(thing) for thing in THINGS} == {("pending", 0, 1)}
    assert kinds.delivered == []
    for thing in THINGS:
        for _ in range(MOST_LOST):
            with contextlib.suppress(Died):
                relay_aggregate("thing", thing)
    assert [seen("strict", thing) for thing in THINGS] == [[1], [], [1]]
    assert (state("2"), state("3")) == (("dead", 0, MOST_LOST), ("delivered", 1, 0))
    assert Case.objects.filter(kind="dead.delivery").count() == 1


@pytest.mark.django_db
def test_those_that_take_long_hold_up_no_lock_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "ENOUGH_SECONDS", -1.0)
    happen_to(*THINGS, "2")
    with CaptureQueriesContext(connection) as ran:
        assert relay_many(ALL) == 8
    assert (seen("strict"), seen("strict", "2"), seen("loose", "3")) == ([1], [1, 2], [1])
    assert sum("UPDATE" in query["sql"] and "delivered_at" in query["sql"] for query in ran) == 8, "one at a time"
    assert ConsumedEvent.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_streams_that_another_relay_is_at_are_passed_by() -> None:
    happen_to(*THINGS)
    strict = [one for one in [subscription("test.strict")] if one]

    def hold_and_relay() -> None:
        with transaction.atomic():
            assert [row.aggregate_id for _, row in locked_heads(strict, [("thing", "2")]).rows] == ["2"]
            at_once(lambda: relay_many(ALL))

    hold_and_relay()
    assert [seen("strict", thing) for thing in THINGS] == [[1], [], [1]]
    assert [seen("loose", thing) for thing in THINGS] == [[1], [1], [1]]
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_relays_and_writers_at_the_same_time_lose_nothing_and_keep_the_order() -> None:
    def write() -> None:
        for _ in range(8):
            happen_to(*THINGS)

    def rounds() -> None:
        for thing in THINGS * 8:
            relay_next("thing", thing)

    at_once(write, write, rounds, rounds, lambda: relay_many(ALL))
    relay_many(ALL)
    for thing in THINGS:
        assert seen("strict", thing) == list(range(1, 17))
        assert sorted(seen("loose", thing)) == list(range(1, 17))
    assert not OutboxDelivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


@pytest.mark.django_db
def test_what_a_dead_one_parks_is_nobodys_next_and_no_more_go_together_than_may() -> None:
    happen_to("parked", "parked")
    OutboxDelivery.objects.filter(destination="test.strict", seq=1).update(state=DeliveryState.DEAD)
    relay_aggregate("thing", "parked")
    many = [str(number) for number in range(TOGETHER + 5)]
    happen_to(*many)
    last = many[-1]
    assert relay_next("thing", last) == 2 * TOGETHER
    assert seen("strict", last) == [1], "the one that was asked for is among them"
    assert [seen("strict", thing) for thing in many[: TOGETHER - 1]] == [[1]] * (TOGETHER - 1), (
        "and those that wait longest"
    )
    assert seen("strict", many[TOGETHER]) == []
