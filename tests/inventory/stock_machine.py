"""A warehouse with an ERP behind it, in numbers, beside the portal's tables: what channels may do, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import count

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from distportal.systems.erp.port import Change
from inventory.models import Item, Promise, Reservation, StockLevel, Warehouse
from inventory.process.applying import apply_stock
from inventory.process.promises import PORTAL, Promised, PromisedPart, record_promises
from inventory.process.repromising import repromise
from inventory.process.reservations import (
    Demand,
    Departed,
    Holding,
    Limits,
    hold_stock,
    locked_availability,
    note_departure,
    note_erp_allocation,
    release,
)
from inventory.queries.availability import WarehouseStock, availability_of
from inventory.queries.sourcing import Part
from inventory.registry import DemandSource, OpenDemand
from tests.at_once import at_once

START = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
DUE = dt.date(2099, 1, 1)
PLACES = ("NORTH", "SOUTH")
quantities = st.integers(1, 30)
turns = st.integers(0, 59)
"""Which of those that are there, counted round. Who gets stock in a race differs from run to run, but what a machine
draws may not: rules whose ground lies in a race can always be drawn, and do nothing where it is missing.
"""


@dataclass
class Plant:
    """What the ERP has in one warehouse; `waiting` is what orders wait for."""

    on_hand: int = 0
    allocated: int = 0
    supply: int = 0
    waiting: dict[str, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """Not promised to any order."""
        return self.on_hand - self.allocated


@transaction.atomic
def hold(item: Item, ref: str, quantity: int, split: int, least: int = 0, places: int | None = None) -> Holding:
    """What a channel does when it accepts a line, and tells its buyer."""
    demand = Demand(ref=ref, item_id=item.pk, quantity=Decimal(quantity), least=Decimal(least))
    limits = Limits(split=split, places=places)
    found = hold_stock(demands=[demand], stock=locked_availability(item_ids=[item.pk]), limits=limits)[0]
    parts = tuple(
        PromisedPart(quantity=part.quantity, on=part.on, warehouse=part.warehouse_code, why=part.why)
        for part in found.parts
    )
    record_promises(promises=[Promised(ref=ref, parts=parts)], by=PORTAL, reason="accepted")
    return found


def waits(holding: Holding) -> Part | None:
    """What of it is held of nothing, for nothing was announced that had enough."""
    return next((part for part in holding.parts if part.on is None), None)


def source() -> DemandSource:
    """The orders that wait in the machine that runs; what they could be held of is asked by its rules, not by jobs."""
    return DemandSource(waiting_items=lambda _: set(), open_demands=lambda _: StockMachine.now_running.waiting())


class StockMachine(RuleBasedStateMachine):
    """Channels hold and release, the ERP takes orders and receives goods, the feed tells old and new figures, and what
    waits for goods is held of what is announced.
    """

    now_running: StockMachine

    def __init__(self) -> None:
        super().__init__()
        Promise.objects.all().delete()
        Reservation.objects.all().delete()
        StockLevel.objects.all().delete()
        self.item = Item.objects.get_or_create(
            sku="ONE", defaults={"erp_code": "ONE", "code_norm": "ONE", "name": "One", "list_price": 1, "as_of": START}
        )[0]
        self.numbers: Iterator[int] = count(1)
        self.clock = 0
        self.plants = {code: Plant() for code in PLACES}
        self.unsent: dict[str, Holding] = {}
        self.figures: list[Change] = []
        type(self).now_running = self
        for code in PLACES:
            self.plants[code].supply = 25
            self.receive(code, 20)

    def waiting(self) -> list[OpenDemand]:
        """Orders of which a part waits and nothing is held for it, by their turn."""
        return [
            OpenDemand(
                ref=ref, warehouse_id=holding.warehouse_id, quantity=Decimal(sum(p.quantity for p in holding.parts)),
                settled=Decimal(0), since=START + dt.timedelta(seconds=int(ref.split(":")[1])), in_erp=False,
            )
            for ref, holding in self.unsent.items()
            if waits(holding)
        ]  # fmt: skip

    def figure(self, code: str) -> Change:
        """What the ERP tells of a warehouse at this moment."""
        plant, at = self.plants[code], self.now()
        payload = {
            "sku": "ONE", "warehouse": code, "on_hand": str(plant.on_hand), "available": str(plant.free),
            "supply_on": DUE.isoformat() if plant.supply else None, "supply_quantity": str(plant.supply),
            "as_of": at.isoformat(),
        }  # fmt: skip
        change = Change(kind="stock", erp_id=code, version=at.isoformat(), occurred_at=at, payload=payload)
        self.figures.append(change)
        return change

    def now(self) -> dt.datetime:
        """The ERP's clock, which never stands still."""
        self.clock += 1
        return START + dt.timedelta(seconds=self.clock)

    def receive(self, code: str, quantity: int) -> None:
        """Goods come in and the oldest waiting orders get theirs; the feed tells it."""
        plant = self.plants[code]
        plant.on_hand += quantity
        for ref in list(plant.waiting):
            given = min(plant.waiting[ref], plant.free)
            plant.allocated += given
            plant.waiting[ref] -= given
        apply_stock([self.figure(code)])

    def erp_allocates(self, ref: str) -> None:
        """In the ERP's books: what lies there is the order's, what it was promised of a supply waits for that."""
        for part in self.unsent.pop(ref).parts:
            plant = self.plants[part.warehouse_code]
            if part.on and part.due_on is None:
                plant.allocated += int(part.quantity)
            elif part.on:
                if plant.supply:
                    plant.waiting[ref] = plant.waiting.get(ref, 0) + int(part.quantity)
                else:  # what it was promised of has come in meanwhile
                    plant.allocated += int(part.quantity)

    @rule(
        asked=st.lists(quantities, min_size=1, max_size=4),
        split=st.integers(1, 2),
        least=st.integers(0, 12),
        places=st.sampled_from([None, 1, 2]),
        old=st.booleans(),
    )
    def channels_hold_at_once(self, asked: list[int], split: int, least: int, places: int | None, old: bool) -> None:
        """While a figure is read, the same one twice or an old one; under any limits of splitting."""
        refs = [f"order:{next(self.numbers)}:1" for _ in asked]
        works = [partial(hold, self.item, ref, q, split, least, places) for ref, q in zip(refs, asked, strict=True)]
        told = self.figures[0] if old else self.figures[-1]
        held: list[object] = at_once(*works, partial(apply_stock, [told, told]))
        for ref, quantity, holding in zip(refs, asked, held, strict=False):
            assert isinstance(holding, Holding)
            assert sum(part.quantity for part in holding.parts) == quantity
            sent: dict[int, Decimal] = {}
            for part in holding.parts:
                sent[part.warehouse_id] = sent.get(part.warehouse_id, Decimal(0)) + part.quantity
            assert len(sent) <= min(split, places or split)
            assert all(further >= least for further in list(sent.values())[1:])
            self.unsent[ref] = holding

    @precondition(lambda self: self.unsent)
    @rule(data=st.data())
    def a_channel_asks_again(self, data: st.DataObject) -> None:
        """For another quantity of the same line: what it held before is free again, whatever it gets now."""
        ref = data.draw(st.sampled_from(sorted(self.unsent)))
        self.unsent[ref] = hold(self.item, ref, data.draw(quantities), 1)

    @precondition(lambda self: self.unsent)
    @rule(data=st.data())
    def an_order_is_cancelled(self, data: st.DataObject) -> None:
        """Before the ERP had it; a second time changes nothing."""
        ref = data.draw(st.sampled_from(sorted(self.unsent)))
        del self.unsent[ref]
        at_once(partial(release, demand_refs=[ref]), partial(release, demand_refs=[ref]))

    @precondition(lambda self: self.unsent)
    @rule(data=st.data(), told=st.booleans())
    def the_erp_takes_an_order(self, data: st.DataObject, told: bool) -> None:
        """It allocates what was promised of its stock, and what waits for a supply waits there, too."""
        ref = data.draw(st.sampled_from(sorted(self.unsent)))
        self.erp_allocates(ref)
        at = self.now()
        changes = [self.figure(code) for code in PLACES]
        if told:
            at_once(partial(apply_stock, changes), partial(note_erp_allocation, taken_at={ref: at}))
            assert not Reservation.objects.filter(demand_ref=ref, state="held", due_on=None).exists()
        else:
            note_erp_allocation(taken_at={ref: at})

    @precondition(lambda self: len(self.unsent) >= 3)
    @rule(asked=quantities, more=quantities, split=st.integers(1, 2), data=st.data())
    def everything_at_once(self, asked: int, more: int, split: int, data: st.DataObject) -> None:
        """The ERP takes one order and tells its figures, twice and late; a second one is cancelled, a third asks for
        another quantity, a new one comes: at the same time.
        """
        taken, cancelled, changed = data.draw(st.permutations(sorted(self.unsent)))[:3]
        new, at, before = f"order:{next(self.numbers)}:1", self.now(), self.figures[-1]
        self.erp_allocates(taken)
        changes = [self.figure(code) for code in PLACES]
        held: list[object] = at_once(
            partial(hold, self.item, new, asked, split),
            partial(hold, self.item, changed, more, 1),
            partial(release, demand_refs=[cancelled]),
            partial(apply_stock, [*changes, before]),
            partial(apply_stock, [before]),
            partial(note_erp_allocation, taken_at={taken: at}),
        )
        del self.unsent[cancelled]
        for ref, quantity, holding in ((new, asked, held[0]), (changed, more, held[1])):
            assert isinstance(holding, Holding)
            assert sum(part.quantity for part in holding.parts) == quantity
            self.unsent[ref] = holding
        assert not Reservation.objects.filter(demand_ref=cancelled, state="held").exists()
        assert not Reservation.objects.filter(demand_ref=taken, state="held", due_on=None).exists()

    @rule(asked=quantities, alone=st.booleans())
    def what_waits_is_held_of_what_is_announced(self, asked: int, alone: bool) -> None:
        """By two workers at once, or while a new order comes; whole or not at all, and who waits longest first."""
        refs, mine = [demand.ref for demand in self.waiting()], f"order:{next(self.numbers)}:1"
        expected = self.served()
        again = partial(repromise, item_id=self.item.pk, wanted_on=dict.fromkeys(refs))
        fresh: list[object] = (
            at_once(again, again) if alone else at_once(again, partial(hold, self.item, mine, asked, 1))
        )
        served = {ref for ref in refs if self.note_awaited(ref)}
        if alone:
            assert served == expected
        else:
            assert isinstance(fresh[1], Holding)
            self.unsent[mine] = fresh[1]

    @rule(more=st.integers(0, 20))
    def a_supply_is_announced_for_what_waits(self, more: int) -> None:
        """Enough for who waits longest: held of it now, and no other is left out that it is enough for."""
        oldest = min(self.waiting(), key=lambda one: one.since, default=None)
        if oldest is None:
            return
        part = waits(self.unsent[oldest.ref])
        assert part
        self.a_supply_is_announced(part.warehouse_code, int(part.quantity) + more)
        self.what_waits_is_held_of_what_is_announced(1, True)
        assert waits(self.unsent[oldest.ref]) is None

    def served(self) -> set[str]:
        """Who can be, reckoned by hand of what the portal can promise, the oldest first."""
        free = {
            code: place.available_by(DUE) if place.supply_on else Decimal(0) for code, place in self.places().items()
        }
        found = set()
        for demand in sorted(self.waiting(), key=lambda one: one.since):
            part = waits(self.unsent[demand.ref])
            assert part
            if 0 < part.quantity <= free[part.warehouse_code]:
                free[part.warehouse_code] -= part.quantity
                found.add(demand.ref)
        return found

    def note_awaited(self, ref: str) -> bool:
        """Whether its waiting part is held now, of the announced receipt of its own warehouse and as a whole."""
        holding = self.unsent[ref]
        part = waits(holding)
        assert part
        held = Reservation.objects.filter(demand_ref=ref, state="held", due_on=DUE, warehouse_id=part.warehouse_id)
        before = sum(p.quantity for p in holding.parts if p.due_on and p.warehouse_id == part.warehouse_id)
        more = sum(row.quantity for row in held) - before
        assert more in (0, part.quantity)
        if more:
            parts = tuple(replace(p, on=DUE, due_on=DUE) if p is part else p for p in holding.parts)
            self.unsent[ref] = replace(holding, parts=parts)
        return bool(more)

    @rule(code=st.sampled_from(PLACES), quantity=quantities)
    def a_supply_is_announced(self, code: str, quantity: int) -> None:
        """One at a time; another on top of one that is announced already makes it larger."""
        self.plants[code].supply += quantity
        apply_stock([self.figure(code)])

    @rule(code=st.sampled_from(PLACES))
    def a_supply_comes_in(self, code: str) -> None:
        """Nothing is announced any more."""
        quantity, self.plants[code].supply = self.plants[code].supply, 0
        self.receive(code, quantity)

    @rule(turn=turns, told=st.booleans())
    def a_part_comes_in_and_leaves(self, turn: int, told: bool) -> None:
        """Of one warehouse; what another one still owes of the same order is owed on. `told` at once or later."""
        leaving = self.leaving()
        if not leaving:
            return
        ref, code = leaving[turn % len(leaving)]
        plant = self.plants[code]
        plant.supply -= plant.waiting.pop(ref)
        at = self.now()
        work = partial(note_departure, departed=[Departed(ref=ref, warehouse=code)], at=at)
        if told:
            at_once(work, work, partial(apply_stock, [self.figure(code)]))
        else:
            work()

    def leaving(self) -> list[tuple[str, str]]:
        """What orders wait for and a part of an announced supply would serve."""
        return sorted(
            (ref, code)
            for code, plant in self.plants.items()
            for ref, quantity in plant.waiting.items()
            if 0 < quantity <= plant.supply
        )

    @rule(turn=turns)
    def an_old_figure_comes_again(self, turn: int) -> None:
        """The feed may be late and tell things twice."""
        apply_stock([self.figures[turn % len(self.figures)]])

    def places(self) -> dict[str, WarehouseStock]:
        """What the portal says."""
        return {p.code: p for p in availability_of(item_ids=[self.item.pk])[self.item.pk].by_warehouse}

    def promised(self, code: str, *, due: bool) -> int:
        """What channels hold in a warehouse and the ERP has not heard of."""
        parts = [part for holding in self.unsent.values() for part in holding.parts]
        here = [part for part in parts if part.on and part.warehouse_code == code]
        return int(sum(part.quantity for part in here if (part.due_on is not None) == due))

    @invariant()
    def nothing_is_oversold(self) -> None:
        """Every promise of what lies there can be kept, and every one of what is announced with what comes."""
        for code, plant in self.plants.items():
            left = plant.free - self.promised(code, due=False)
            assert left >= 0
            assert left + plant.supply - self.promised(code, due=True) - sum(plant.waiting.values()) >= 0

    @invariant()
    def nothing_is_leaked_or_counted_twice(self) -> None:
        """Whatever was read, the portal never says more than there is; with the newest figures it says exactly what
        the ERP has, less what the ERP has not heard of.
        """
        for code, place in self.places().items():
            assert place.available <= self.plants[code].free - self.promised(code, due=False)
        apply_stock([self.figure(code) for code in PLACES])
        for code, place in self.places().items():
            plant = self.plants[code]
            left = plant.free - self.promised(code, due=False)
            coming = plant.supply - self.promised(code, due=True) - sum(plant.waiting.values())
            assert place.available == max(min(left, left + coming), 0)
            assert place.available_by(DUE) == max(left + coming, 0)

    def teardown(self) -> None:
        """Everything is given back and nothing is held any more."""
        for ref in sorted(self.unsent):
            release(demand_refs=[ref])
        self.unsent.clear()
        for code in PLACES:
            self.a_supply_comes_in(code)
        self.nothing_is_leaked_or_counted_twice()
        waiting = sum(sum(plant.waiting.values()) for plant in self.plants.values())
        assert waiting == 0
        assert not Reservation.objects.filter(state="held").exists()


def forget() -> None:
    """The tables are as they were."""
    Reservation.objects.all().delete()
    StockLevel.objects.all().delete()
    Item.objects.filter(sku="ONE").delete()
    Warehouse.objects.filter(code__in=PLACES).delete()
