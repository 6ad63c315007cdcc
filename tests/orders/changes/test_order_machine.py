"""Whatever buyers, people, warehouse and a network that loses answers do with an order, in whatever order: its status
moves as it may, the ERP has it once, and in the end both hold the same lines.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db.models import F
from django.db.models.functions import Now
from httpx import HTTPStatusError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from distportal.canonical.orders import OrderChange
from distportal.events.models import Job
from distportal.events.sweeper import work_lane
from exceptions.models import Case
from inventory.models import Reservation
from orders.choices import ChangeStatus, CommandState, OrderStatus
from orders.models import ChangeRequest, ErpCommand, Order
from orders.process.changes import request_change
from orders.process.changes.deciding import refuse_held_change, resume_change
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.faults.checker import Outside, broken
from tests.machines import run_machine
from tests.orders.builders import asked
from tests.orders.changes.conftest import cancellation, change, line_change
from tests.sandbox import SandboxProcess

LOST = ("", "commit_then_drop", "commit_then_500", "truncated_json", "error_500")
"""What happens to the next write; nothing where it is empty."""
LANES = ("erp_write", "orders", "relay")
SETTLE = dt.timedelta(seconds=5)
lines = st.sampled_from(["1", "2", "3"])
quantities = st.integers(1, 30).map(Decimal)


class OrderMachine(RuleBasedStateMachine):
    """One order of two lines, accepted and not sent yet."""

    erp: SandboxProcess

    def __init__(self) -> None:
        super().__init__()
        self.erp.faults()
        rows = (("FST-10001", "20", "EA", None), ("FST-10002", "12", "EA", None))
        po = f"PO-{uuid.uuid4().hex[:10]}"
        self.pk = place_order(order=asked(*rows, po=po), source_key=f"t:{po}").order.pk
        self.last: tuple[OrderChange, str] | None = None

    @property
    def order(self) -> Order:
        return Order.objects.get(pk=self.pk)

    def changes(self, *statuses: str) -> list[ChangeRequest]:
        return list(ChangeRequest.objects.filter(order=self.pk, status__in=statuses).order_by("requested_at"))

    def work(self) -> None:
        """What is due, and what waits for its time, of the lanes that move an order."""
        Job.objects.filter(state="ready", lane__in=LANES).update(next_at=Now())
        for _ in range(12):
            if not sum(work_lane(lane) for lane in LANES):
                break

    def settled(self) -> bool:
        """Whether nothing of it is under way."""
        under_way = ErpCommand.objects.filter(order=self.pk, state__in=CommandState.OPEN)
        return not self.changes(*ChangeStatus.OPEN) and not under_way.exists()

    def ask(self, wanted: OrderChange) -> None:
        self.last = wanted, f"t:{uuid.uuid4()}"
        request_change(order_id=self.pk, change=wanted, source_key=self.last[1], asked_name="Jo")

    @rule(no=lines, quantity=quantities)
    def the_buyer_wants_another_quantity(self, no: str, quantity: Decimal) -> None:
        self.ask(change(line_change(no, quantity=quantity)))

    @rule(no=lines)
    def the_buyer_wants_a_line_no_more(self, no: str) -> None:
        self.ask(change(line_change(no, "delete")))

    @rule(quantity=quantities)
    def the_buyer_wants_a_line_more_and_less_of_another(self, quantity: Decimal) -> None:
        more = line_change("3", "add", sku="ELE-20002", quantity=quantity, unit="EA")
        self.ask(change(more, line_change("2", quantity=Decimal(6))))

    @rule()
    def the_buyer_names_a_price_that_is_not_agreed(self) -> None:
        self.ask(change(line_change("1", unit_price=Decimal("0.11"))))

    @rule()
    def the_buyer_cancels(self) -> None:
        self.ask(cancellation())

    @precondition(lambda self: self.last)
    @rule()
    def the_last_wish_comes_again(self) -> None:
        """It is the change that is there."""
        assert self.last
        before = ChangeRequest.objects.filter(order=self.pk).count()
        wanted, key = self.last
        assert request_change(order_id=self.pk, change=wanted, source_key=key).outcome == "repeated"
        assert ChangeRequest.objects.filter(order=self.pk).count() == before

    @rule(insist=st.booleans(), refuses=st.booleans())
    def a_person_decides_what_is_held(self, insist: bool, refuses: bool) -> None:
        """What is due by now differs with the machine's pace: what may be drawn does not, and where nothing is held
        nothing is done.
        """
        for held in self.changes("held")[:1]:
            if refuses:
                refuse_held_change(change_id=held.pk, reason="no")
            else:
                resume_change(change_id=held.pk, insist=insist)

    @rule(fault=st.sampled_from(LOST))
    def a_worker_comes_by(self, fault: str) -> None:
        """With the order, a change or a cancellation; its answer may get lost."""
        self.erp.faults(*([{"kind": fault, "count": 1, "match": {"method": "POST"}}] if fault else []))
        work_lane("erp_write")
        work_lane("orders")
        self.erp.faults()

    @rule()
    def the_settle_time_passes(self) -> None:
        ErpCommand.objects.filter(order=self.pk).update(last_sent_at=F("last_sent_at") - SETTLE)
        self.work()

    @rule(told=st.booleans())
    def goods_leave(self, told: bool) -> None:
        """Of what the ERP has; the portal may read of it later."""
        if not self.order.erp_number:
            return
        try:
            self.erp.ship(self.order.erp_number)
        except HTTPStatusError:
            return  # nothing is there to leave
        if told:
            self.the_feed_is_read()

    @rule()
    def the_feed_is_read(self) -> None:
        sync_erp()

    @invariant()
    def each_move_was_legal_and_is_written_down(self) -> None:
        assert broken(Outside(), only="I8") == []

    @invariant()
    def changes_are_done_in_the_order_in_which_they_came(self) -> None:
        states = [row.status for row in self.changes(*ChangeStatus.values)]
        open_at = next((at for at, state in enumerate(states) if state in ChangeStatus.OPEN), len(states))
        assert set(states[open_at + 1 :]) <= {"waiting", "received", "held", "refused"}
        assert states.count("sent") <= 1

    @invariant()
    def nothing_is_left_of_a_cancelled_order(self) -> None:
        order = self.order
        for line in order.lines.all():
            assert line.shipped_quantity <= line.quantity
            if order.status == OrderStatus.CANCELLED:
                assert (line.status, line.shipped_quantity) == ("cancelled", 0)
        if order.status == OrderStatus.CANCELLED:
            assert not Reservation.objects.filter(demand_ref__startswith=f"order:{self.pk}:", state="held").exists()

    @invariant()
    def the_erp_has_it_once_at_most(self) -> None:
        assert len(self.erp.orders(f"NL-{self.order.number}")) <= 1

    def teardown(self) -> None:
        """The network is well again and people decide: nothing is open, and both hold the same."""
        for _ in range(8):
            if self.settled():
                break
            self.the_settle_time_passes()
            for held in self.changes("held")[:1]:
                refuse_held_change(change_id=held.pk, reason="no")
        sync_erp()
        self.work()
        order, live = self.order, self.erp.orders(f"NL-{self.order.number}")
        assert self.settled()
        assert not Case.objects.exclude(status="resolved").filter(kind="order.change_held").exists()
        if order.status == OrderStatus.CANCELLED:
            assert live == []
            return
        assert order.status in ("confirmed", "part_shipped", "shipped")
        [theirs] = live
        assert {row["posex"]: (row["quantity"], row["shipped"]) for row in theirs["lines"] if row["quantity"]} == {
            row.line_no: (row.quantity, row.shipped_quantity) for row in order.lines.all() if row.status != "cancelled"
        }


@pytest.mark.django_db
def test_an_order_ends_as_the_erp_has_it_whatever_is_wanted_of_it(synced: SandboxProcess) -> None:
    OrderMachine.erp = synced
    run_machine(OrderMachine, examples=2, steps=12)
