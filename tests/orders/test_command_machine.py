"""Whatever an ERP, workers and people do with a command, in whatever order: one ERP order at most, exactly one where we
say so, only legal moves, each written down.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import Capabilities, ConfirmedLine, OrderDraft, OrderState
from distportal.systems.errors import Rejected, Transient, UnknownOutcome
from orders.choices import CommandState
from orders.models import ErpCommand
from orders.process.command_claims import begin_sending, mark_command, note_empty_lookup
from orders.process.confirmation import retry_command
from orders.process.intake import place_order
from orders.process.sending import CommandRefused, send_command
from tests.died import Died
from tests.faults.checker import Outside, broken
from tests.machines import run_machine
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

SETTLE = dt.timedelta(seconds=90)
OUTCOMES = ("ok", "busy", "refused", "lost", "arrived", "late", "died", "died late")


class SlowErp:
    """Keys can be looked up and are not unique. What is `late` arrives some time before the settle time is over."""

    def __init__(self) -> None:
        self.held: list[OrderState] = []
        self.on_its_way: list[OrderDraft] = []
        self.outcome, self.blind = "ok", False

    def capabilities(self) -> Capabilities:
        return Capabilities(
            order_key="searchable", feed="cursor", price="none", max_order_lines=9, page_size=9, writes_per_minute=9,
            settle=SETTLE, feed_overlap=SETTLE,
        )  # fmt: skip

    def find_order(self, order_key: str) -> list[OrderState]:
        if self.blind:
            raise Transient("erp.no_answer")
        return [state for state in self.held if state.order_key == order_key]

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        if found := known or next(iter(self.find_order(draft.order_key)), None):
            return found
        if self.outcome == "busy":
            raise Transient("erp.busy", retry_after=1.0)
        if self.outcome == "refused":
            raise Rejected("erp.customer_blocked")
        if self.outcome in ("late", "died late"):
            self.on_its_way.append(draft)
        elif self.outcome != "lost":
            self.arrive(draft)
        if self.outcome.startswith("died"):
            raise Died
        if self.outcome != "ok":
            raise UnknownOutcome("erp.no_verdict")
        return self.held[-1]

    def arrive(self, draft: OrderDraft) -> None:
        lines = tuple(
            ConfirmedLine(line_key=x.line_key, quantity=x.quantity, unit_price=x.unit_price or Decimal(0))
            for x in draft.lines
        )
        self.held.append(
            OrderState(
                order_key=draft.order_key, erp_id=str(len(self.held)), number=f"{draft.order_key}/{len(self.held)}",
                stage="accepted", as_of=database_now(), content_hash=draft.content_hash, lines=lines,
                total=sum((line.quantity * line.unit_price for line in lines), Decimal(0)),
            )
        )  # fmt: skip


class CommandMachine(RuleBasedStateMachine):
    """One order on its way to the ERP."""

    erp: SlowErp

    def __init__(self) -> None:
        super().__init__()
        type(self).erp = SlowErp()
        po = f"PO-{uuid.uuid4().hex[:10]}"
        order = place_order(order=asked(("FST-10001", "1", "EA", None), po=po), source_key=f"test:{po}").order
        self.pk = ErpCommand.objects.get(order=order).pk
        self.held_up: list[int] = []
        self.looks: list[dt.datetime] = []

    @property
    def command(self) -> ErpCommand:
        return ErpCommand.objects.get(pk=self.pk)

    @rule(outcome=st.sampled_from(OUTCOMES), blind=st.booleans())
    def a_worker_comes_by(self, outcome: str, blind: bool) -> None:
        self.erp.outcome, self.erp.blind = outcome, blind and outcome == "busy"
        with contextlib.suppress(RetryLater, CommandRefused, Died):
            send_command(command_id=self.pk)
        self.erp.blind = False

    @rule()
    def what_was_late_arrives(self) -> None:
        while self.erp.on_its_way:
            self.erp.arrive(self.erp.on_its_way.pop())

    @rule()
    def the_settle_time_passes(self) -> None:
        self.what_was_late_arrives()
        earlier = {name: F(name) - SETTLE for name in ("last_sent_at", "last_lookup_at")}
        ErpCommand.objects.filter(pk=self.pk).update(**earlier)
        self.looks = [at - SETTLE for at in self.looks]

    @precondition(lambda self: self.command.state == CommandState.PENDING)
    @rule()
    def a_worker_is_held_up_before_its_call(self) -> None:
        command = self.command
        begin_sending(command, wait=1.0)
        self.held_up.append(command.attempts)

    @precondition(lambda self: self.held_up)
    @rule()
    def it_goes_on_and_is_too_late(self) -> None:
        mark_command(self.pk, CommandState.PENDING, attempt=self.held_up.pop(0))

    @precondition(lambda self: not self.erp.held and self.command.state in (CommandState.SENDING, CommandState.UNKNOWN))
    @rule()
    def a_worker_finds_nothing_and_is_held_up(self) -> None:
        self.looks.append(database_now())

    @precondition(lambda self: self.looks)
    @rule()
    def it_tells_of_it(self) -> None:
        before, at = self.command, self.looks.pop(0)
        note_empty_lookup(self.pk, looked_at=at, settle=SETTLE)
        counts = self.command.empty_lookups != before.empty_lookups or self.command.state != before.state
        assert not counts or (before.last_sent_at is None or at >= before.last_sent_at + SETTLE)

    @precondition(lambda self: self.command.state == CommandState.REJECTED)
    @rule()
    def a_person_tries_again(self) -> None:
        retry_command(command_id=self.pk)

    @invariant()
    def the_erp_has_it_once_at_most(self) -> None:
        assert len(self.erp.held) <= 1
        if self.command.state == CommandState.CONFIRMED:
            assert [state.number for state in self.erp.held] == [self.command.erp_number]

    @invariant()
    def each_move_was_legal_and_is_written_down(self) -> None:
        assert broken(Outside(), only="I8") == []

    def teardown(self) -> None:
        """The ERP is well again: the order gets there."""
        for _ in range(6):
            self.the_settle_time_passes()
            self.a_worker_comes_by("ok", False)
            if self.command.state == CommandState.REJECTED:
                retry_command(command_id=self.pk)
        command = self.command
        assert command.order
        assert (command.state, command.order.status, len(self.erp.held)) == ("confirmed", "confirmed", 1)


@pytest.mark.django_db
def test_a_command_is_one_erp_order_whatever_happens(synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.process.sending._port", lambda _: CommandMachine.erp)
    run_machine(CommandMachine, examples=5, steps=15)
