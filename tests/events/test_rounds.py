"""One transaction brings an event to all who wait for it: together at first, each by itself once there was trouble."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from distportal.events.base import Event
from distportal.events.choices import DeliveryState
from distportal.events.clock import database_now
from distportal.events.effects import MAX_ATTEMPTS
from distportal.events.models import ConsumedEvent, OutboxDelivery, OutboxEvent
from distportal.events.outbox import publish
from distportal.events.registry import subscription
from distportal.events.relay import LATE, locked_heads
from distportal.events.rounds import relay_aggregate
from distportal.events.running import MOST_LOST
from exceptions.models import Case
from tests.at_once import at_once
from tests.died import Died
from tests.events import kinds
from tests.events.test_outbox import happen, seen


def die(_: Any) -> None:
    raise Died


def relay() -> int:
    with contextlib.suppress(Died):
        return relay_aggregate("thing", "1")
    return 0


def make_late() -> None:
    OutboxDelivery.objects.filter(state=DeliveryState.PENDING).update(next_at=database_now() - 2 * LATE)


def states() -> dict[str, tuple[str, int, int]]:
    rows = OutboxDelivery.objects.filter(aggregate_type="thing")
    return {row.destination: (row.state, row.attempts, row.lost) for row in rows}


@pytest.mark.django_db(transaction=True)
def test_all_who_wait_get_it_in_one_transaction() -> None:
    happen()
    with CaptureQueriesContext(connection) as sent:
        assert relay() == 2
    assert [query["sql"] for query in sent if query["sql"] in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    assert states() == {"test.strict": ("delivered", 1, 0), "test.loose": ("delivered", 1, 0)}


@pytest.mark.django_db
def test_one_that_fails_leaves_nothing_behind_and_the_others_their_effect() -> None:
    def write_then_fail(_: Any) -> None:
        publish(Event(type="thing.echoed", aggregate_type="echo", aggregate_id="1", payload={}))
        raise ValueError("after the write")

    kinds.behaviour["strict"] = write_then_fail
    event = happen()
    assert relay() == 1
    assert (seen("loose"), seen("strict")) == ([1], [])
    assert not OutboxEvent.objects.filter(type="thing.echoed").exists()
    assert list(ConsumedEvent.objects.filter(event_id=event.id).values_list("consumer", flat=True)) == ["test.loose"]
    kinds.behaviour.clear()
    OutboxDelivery.objects.update(next_at=database_now())
    assert relay() == 1
    assert (seen("loose"), seen("strict")) == ([1], [1])


@pytest.mark.django_db
def test_what_ends_its_process_dies_alone() -> None:
    """The first two deaths take the others along, which cannot be told apart; after that each goes by itself."""
    kinds.behaviour["strict"] = die
    happen()
    assert relay() == 0
    assert states() == {"test.strict": ("pending", 0, 0), "test.loose": ("pending", 0, 0)}, "as if it had not begun"
    make_late()
    kinds.delivered.clear()  # what its death undid
    assert relay() == 0
    assert states() == {"test.strict": ("pending", 0, 1), "test.loose": ("pending", 0, 1)}
    kinds.delivered.clear()
    for _ in range(MOST_LOST):
        relay()
    assert (seen("loose"), seen("strict")) == ([1], [])
    assert states() == {"test.strict": ("dead", 0, MOST_LOST), "test.loose": ("delivered", 1, 0)}
    assert Case.objects.filter(kind="dead.delivery").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_another_relay_is_at_is_passed_by() -> None:
    happen()

    def hold_and_relay() -> None:
        with transaction.atomic():
            held = locked_heads([one for one in [subscription("test.strict")] if one], [("thing", "1")])
            assert [row.destination for _, row in held.rows] == ["test.strict"]
            at_once(relay)
            assert (seen("loose"), seen("strict")) == ([1], [])

    hold_and_relay()
    assert relay() == 1
    assert seen("strict") == [1]
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_rounds_and_writers_at_the_same_time_lose_nothing_and_keep_the_order() -> None:
    def write() -> None:
        for _ in range(15):
            happen()

    def rounds() -> None:
        for _ in range(40):
            relay()

    at_once(write, write, rounds, rounds)
    relay()
    assert seen("strict") == list(range(1, 31))
    assert sorted(seen("loose")) == list(range(1, 31))
    assert relay() == 0


@pytest.mark.django_db
def test_a_late_last_try_that_fails_is_counted_once() -> None:
    def fail(_: Any) -> None:
        raise ValueError("no")

    kinds.behaviour["strict"] = fail
    happen()
    OutboxDelivery.objects.filter(aggregate_type="thing").update(attempts=MAX_ATTEMPTS - 1)
    make_late()
    assert relay() == 1
    assert states() == {"test.strict": ("dead", MAX_ATTEMPTS, 0), "test.loose": ("delivered", MAX_ATTEMPTS, 0)}
