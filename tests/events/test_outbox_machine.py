"""Whatever is published, rolled back, relayed, refused and lost by relays that die, in whatever order: a strict
subscriber gets each event of an aggregate once, in order, without a gap.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from distportal.events.choices import DeliveryState
from distportal.events.clock import database_now
from distportal.events.models import ConsumedEvent, OutboxDelivery, OutboxEvent, Stream
from distportal.events.relay import LATE, relay_stream
from distportal.events.reviving import revive_delivery
from distportal.events.rounds import relay_aggregate, relay_many
from distportal.events.running import MOST_LOST
from distportal.events.sweeper import work_until_idle
from tests.died import Died
from tests.events import kinds
from tests.events.test_outbox import happen
from tests.machines import run_machine

THINGS = ("1", "2", "3")
things = st.sampled_from(THINGS)


class OutboxMachine(RuleBasedStateMachine):
    """Three aggregates, a strict subscriber and one that need not keep the order."""

    def __init__(self) -> None:
        super().__init__()
        for model in (OutboxDelivery, ConsumedEvent, OutboxEvent, Stream):
            model.objects.all().delete()
        kinds.forget()
        self.published: dict[str, int] = defaultdict(int)
        self.refusals = {"strict": 0, "loose": 0}
        self.dies = False
        for name in self.refusals:
            kinds.behaviour[name] = lambda _, name=name: self.answer(name)
        self.undoing = patch("distportal.events.rounds.bring_together", kinds.bring_or_undo)
        self.undoing.start()

    def answer(self, name: str) -> None:
        """The subscriber fails as often as it was told to, or ends the process."""
        if self.dies:
            raise Died
        if self.refusals[name]:
            self.refusals[name] -= 1
            raise RuntimeError("not now")

    @rule(thing=things, count=st.integers(1, 4))
    def something_happens(self, thing: str, count: int) -> None:
        for _ in range(count):
            assert happen(thing).seq == self.published[thing] + 1
            self.published[thing] += 1

    @rule(thing=things)
    def something_is_rolled_back(self, thing: str) -> None:
        with transaction.atomic():
            happen(thing)
            transaction.set_rollback(True)

    @rule(name=st.sampled_from(["strict", "loose"]), times=st.integers(1, 10))
    def a_subscriber_is_going_to_fail(self, name: str, times: int) -> None:
        self.refusals[name] += times

    @rule(thing=things, name=st.sampled_from(["test.strict", "test.loose"]))
    def a_relay_comes_by(self, thing: str, name: str) -> None:
        relay_stream(name, "thing", thing)

    @rule(thing=things, name=st.sampled_from(["test.strict", "test.loose"]), times=st.integers(1, MOST_LOST + 1))
    def relays_die_of_it(self, thing: str, name: str, times: int) -> None:
        """One after the other, each before the effect; what ends too many of them is given up."""
        self.dies = True
        for _ in range(times):
            with contextlib.suppress(Died):
                relay_stream(name, "thing", thing)
        self.dies = False

    @rule(thing=things)
    def a_round_comes_by(self, thing: str) -> None:
        relay_aggregate("thing", thing)

    @rule(some=st.lists(things, min_size=2, unique=True))
    def a_round_over_several_comes_by(self, some: list[str]) -> None:
        relay_many([("thing", thing) for thing in some])

    @rule(some=st.lists(things, min_size=1, unique=True), times=st.integers(1, MOST_LOST + 2))
    def rounds_die_of_it(self, some: list[str], times: int) -> None:
        """What they had done in the transaction that they died in is undone."""
        self.dies = True
        for _ in range(times):
            with contextlib.suppress(Died):
                relay_many([("thing", thing) for thing in some])
            stands = {
                (row.consumer.removeprefix("test."), *streams[row.event_id])
                for streams in [{e.id: (e.aggregate_id, e.seq) for e in OutboxEvent.objects.all()}]
                for row in ConsumedEvent.objects.all()
            }
            kinds.delivered[:] = [one for one in kinds.delivered if one in stands]
        self.dies = False

    @rule()
    def what_is_due_is_late(self) -> None:
        """From now on each try is counted before it begins."""
        rows = OutboxDelivery.objects.filter(state=DeliveryState.PENDING)
        rows.update(next_at=database_now() - 2 * LATE)

    @rule(thing=things)
    def marks_are_lost(self, thing: str) -> None:
        """As after a restored backup: what was delivered is pending again, that it was consumed is still known."""
        rows = OutboxDelivery.objects.filter(aggregate_id=thing, state=DeliveryState.DELIVERED)
        rows.update(state=DeliveryState.PENDING)

    @rule()
    def a_person_revives_what_is_dead(self) -> None:
        for row in OutboxDelivery.objects.filter(state=DeliveryState.DEAD):
            revive_delivery(delivery_id=row.pk)

    @invariant()
    def the_strict_one_had_a_beginning_without_gaps(self) -> None:
        for thing in THINGS:
            had = [seq for who, at, seq in kinds.delivered if (who, at) == ("strict", thing)]
            assert had == list(range(1, len(had) + 1))
            assert len(had) <= self.published[thing]

    @invariant()
    def the_loose_one_had_nothing_twice(self) -> None:
        for thing in THINGS:
            had = [seq for who, at, seq in kinds.delivered if (who, at) == ("loose", thing)]
            assert len(had) == len(set(had))

    def teardown(self) -> None:
        """Nobody fails any more: everything arrives."""
        self.undoing.stop()
        self.refusals.update(strict=0, loose=0)
        self.a_person_revives_what_is_dead()
        work_until_idle()
        for thing in THINGS:
            for who in ("strict", "loose"):
                had = sorted(seq for by, at, seq in kinds.delivered if (by, at) == (who, thing))
                assert had == list(range(1, self.published[thing] + 1))
        assert not OutboxDelivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


@pytest.mark.django_db
def test_a_strict_subscriber_gets_each_event_once_in_order() -> None:
    run_machine(OutboxMachine, examples=5, steps=20)
