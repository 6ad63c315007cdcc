"""Events: saved with their change, numbered without gaps, brought to each subscriber once and in order."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from distportal.events.base import Delivered, Event
from distportal.events.choices import DeliveryState
from distportal.events.effects import MAX_ATTEMPTS
from distportal.events.models import OutboxDelivery, OutboxEvent
from distportal.events.outbox import OutsideTransaction, publish
from distportal.events.relay import relay_stream
from distportal.events.reviving import revive_delivery
from distportal.events.sweeper import work_until_idle
from distportal.observability.actor import acting
from distportal.observability.correlation import correlated
from exceptions.models import Case
from tests.at_once import at_once
from tests.events import kinds


def happen(aggregate_id: str = "1") -> OutboxEvent:
    with transaction.atomic():
        return publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id=aggregate_id, payload={}))


def seen(by: str, aggregate_id: str = "1") -> list[int]:
    return [seq for who, thing, seq in kinds.delivered if (who, thing) == (by, aggregate_id)]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        publish(Event(type="thing.happened", aggregate_type="thing", aggregate_id="1", payload={}))
    assert OutboxEvent.objects.count() == 0


@pytest.mark.django_db
def test_each_subscriber_gets_each_event_once_in_order_and_again_gets_nothing() -> None:
    for _ in range(3):
        happen()
    happen("2")
    work_until_idle()
    assert seen("strict") == seen("loose") == [1, 2, 3]
    assert seen("strict", "2") == [1]
    OutboxDelivery.objects.update(state=DeliveryState.PENDING)  # as after a crash between effect and mark
    work_until_idle()
    assert seen("strict") == [1, 2, 3]


@pytest.mark.django_db
def test_an_event_of_a_rolled_back_change_leaves_no_gap() -> None:
    happen()
    with transaction.atomic():
        happen()
        transaction.set_rollback(True)
    assert happen().seq == 2


@pytest.mark.django_db
def test_an_event_says_who_and_belongs_to_its_story() -> None:
    with correlated() as story, acting("agent@northline.example"):
        event = happen()
    assert (event.correlation_id, event.actor) == (story, "agent@northline.example")


@pytest.mark.django_db
def test_an_event_cannot_be_changed_afterwards() -> None:
    event = happen()
    event.payload = {"other": 1}
    with pytest.raises(ProgrammingError, match="Cannot update rows from events_outboxevent"), transaction.atomic():
        event.save()


def _fail_first(event: Delivered) -> None:
    if event.aggregate_id == "1" and event.seq == 1:
        raise ValueError("no")


@pytest.mark.django_db
def test_a_failing_event_parks_a_strict_stream_and_no_other() -> None:
    kinds.behaviour.update(strict=_fail_first, loose=_fail_first)
    happen()
    happen()
    happen("2")
    for _ in range(MAX_ATTEMPTS + 3):
        work_until_idle(rounds=1)
    assert seen("strict") == []
    assert seen("loose") == [2]
    assert seen("strict", "2") == [1]
    dead = OutboxDelivery.objects.filter(state=DeliveryState.DEAD)
    assert {(d.destination, d.seq, d.attempts) for d in dead} == {("test.strict", 1, 8), ("test.loose", 1, 8)}
    assert Case.objects.filter(kind="dead.delivery").count() == 2

    kinds.behaviour.clear()
    for delivery in dead:
        revive_delivery(delivery_id=delivery.pk)
    work_until_idle()
    assert seen("strict") == [1, 2]
    assert sorted(seen("loose")) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_writers_and_relays_at_the_same_time_lose_nothing_and_keep_the_order() -> None:
    def write() -> None:
        for _ in range(15):
            happen()

    def relay() -> None:
        for _ in range(60):
            relay_stream("test.strict", "thing", "1")

    at_once(write, write, relay, relay)
    work_until_idle()
    assert seen("strict") == list(range(1, 31))
    assert sorted(seen("loose")) == list(range(1, 31))


@pytest.mark.django_db
def test_the_effect_and_its_mark_are_one() -> None:
    """A handler that fails after it wrote leaves nothing behind."""

    def write_then_fail(_: Any) -> None:
        with transaction.atomic():
            publish(Event(type="thing.echoed", aggregate_type="echo", aggregate_id="1", payload={}))
        raise ValueError("after the write")

    kinds.behaviour["strict"] = write_then_fail
    happen()
    relay_stream("test.strict", "thing", "1")
    assert OutboxEvent.objects.filter(type="thing.echoed").count() == 0
