"""Several orders at once to the ERP: each once, each with a verdict of its own, written down together or one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from distportal.canonical.base import from_json
from distportal.events.errors import RetryLater
from distportal.events.models import Job, OutboxEvent
from distportal.events.running import OTHERS, run_job
from distportal.events.sweeper import work_until_idle
from distportal.observability.correlation import correlated
from distportal.systems.erp.port import OrderState
from exceptions.models import Case
from inventory.models import Promise, Reservation
from orders.models import ErpCommand, Order
from orders.process import confirmation, sending_together
from orders.process.commands import SEND_JOB
from orders.process.confirmation import record_confirmation, record_confirmations
from orders.process.sending_together import ToSend, send_commands
from tests.at_once import at_once
from tests.died import Died
from tests.orders.test_sending import CREATE, enter, placed
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
CONFIRMED = ("confirmed", "confirmed", 1)


def several(count: int) -> list[ErpCommand]:
    """Of so many orders, each a story of its own."""
    found = []
    for _ in range(count):
        with correlated():
            found.append(placed()[1])
    return found


def send(commands: list[ErpCommand]) -> list[Exception | None]:
    return send_commands([ToSend(one.pk, one.correlation_id) for one in commands])


def stands(erp: SandboxProcess, command: ErpCommand) -> tuple[str, str, int]:
    """The state of the command and of its order, and how many orders the ERP has of it."""
    order = Order.objects.get(commands=command)
    return ErpCommand.objects.get(pk=command.pk).state, order.status, len(erp.orders(command.order_key))


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as sent:
        work()
    return len(sent)


def test_each_is_in_the_erp_once_and_all_are_written_down_as_one_would_be(synced: SandboxProcess) -> None:
    lone, *commands = several(5)
    assert send([lone]) == [None]
    assert send(commands) == [None] * 4
    for command in (lone, *commands):
        assert stands(synced, command) == CONFIRMED
        order = Order.objects.get(commands=command)
        [line] = order.lines.all()
        [event] = OutboxEvent.objects.filter(aggregate_id=str(order.pk), type="order.confirmed")
        command.refresh_from_db()
        assert event.correlation_id == command.correlation_id
        assert (order.erp_number, line.confirmed_quantity) == (command.erp_number, line.quantity)
        assert not Reservation.objects.filter(demand_ref=line.demand_ref, erp_allocated_at=None).exists()
        said = Promise.objects.filter(demand_ref=line.demand_ref).latest("pk").reason
        assert said in ("the order was accepted", f"confirmed as {order.erp_number}"), "an equal promise is no news"
    assert OutboxEvent.objects.filter(type="order.confirmed").values("correlation_id").distinct().count() == 5
    assert not Case.objects.exists()


def test_four_cost_the_statements_of_one_and_are_begun_each_by_itself(synced: SandboxProcess) -> None:
    one, four = several(1), several(4)
    for_one = statements(partial(send, one))
    for_four = statements(partial(send, four))
    assert for_four - for_one == 3, "each is begun by itself; what was said is written together"


def test_one_that_the_erp_refuses_has_a_case_and_the_others_go_on(synced: SandboxProcess) -> None:
    commands = several(3)
    commands[1].content_hash = "another"
    enter(synced, commands[1])
    assert send(commands) == [None] * 3, "a refusal is settled, nothing is left to do"
    assert [stands(synced, one) for one in commands] == [CONFIRMED, ("rejected", "accepted", 1), CONFIRMED]
    [case] = Case.objects.all()
    assert (case.subject_id, case.code) == (str(commands[1].pk), "erp_refused")


def test_one_whose_answer_is_lost_is_looked_up_later_and_no_other_waits(synced: SandboxProcess) -> None:
    commands = several(3)
    synced.faults({"kind": "commit_then_drop", "count": 1, "match": CREATE})
    lost, *others = send(commands)
    assert isinstance(lost, RetryLater)
    assert (lost.counts, others) == (False, [None, None])
    assert [stands(synced, one) for one in commands] == [("unknown", "accepted", 1), CONFIRMED, CONFIRMED]
    work_until_idle()
    assert send(commands) == [None] * 3
    assert [stands(synced, one) for one in commands] == [CONFIRMED] * 3


def test_a_worker_that_dies_before_it_wrote_anything_down_sends_nothing_twice(
    synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(**_: object) -> None:
        raise Died

    commands = several(3)
    with monkeypatch.context() as patched:
        patched.setattr(sending_together, "record_confirmations", die)
        with pytest.raises(Died):
            send(commands)
    assert [stands(synced, one) for one in commands] == [("sending", "accepted", 1)] * 3
    assert send(commands) == [None] * 3
    assert [stands(synced, one) for one in commands] == [CONFIRMED] * 3


def test_one_that_cannot_be_written_down_takes_none_along(
    synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = confirmation.compare_content
    commands = several(3)

    def fail(order: Order, *rest: object) -> None:
        if order.pk == commands[1].order_id:
            raise ValueError("a mistake of ours")
        compare(order, *rest)  # type: ignore[arg-type] # as it was called

    with monkeypatch.context() as patched:
        patched.setattr(confirmation, "compare_content", fail)
        outcomes = send(commands)
    assert [type(one) for one in outcomes] == [type(None), ValueError, type(None)]
    assert [stands(synced, one) for one in commands] == [CONFIRMED, ("sending", "accepted", 1), CONFIRMED]
    assert OutboxEvent.objects.filter(type="order.confirmed").count() == 2
    assert send([commands[1]]) == [None]
    assert stands(synced, commands[1]) == CONFIRMED


def test_what_would_be_begun_too_late_goes_back_untouched(
    synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_together, "BEGIN_WITHIN", -1)
    commands = several(2)
    for outcome in send(commands):
        assert isinstance(outcome, RetryLater)
        assert (outcome.after, outcome.counts) == (0.0, False)
    assert [stands(synced, one) for one in commands] == [("pending", "accepted", 0)] * 2


def test_what_is_confirmed_is_confirmed_once(synced: SandboxProcess) -> None:
    commands = several(2)
    send(commands)
    told = {one.pk: confirmation.Said(_state(one), one.correlation_id) for one in commands}
    record_confirmations(told=told)
    record_confirmation(command_id=commands[0].pk, state=_state(commands[0]))
    assert OutboxEvent.objects.filter(type="order.confirmed").count() == 2


def test_the_lane_takes_several_where_many_wait(synced: SandboxProcess) -> None:
    commands = several(OTHERS * 2)
    [first, *_] = Job.objects.filter(kind=SEND_JOB).order_by("next_at")
    assert run_job(first.pk)
    assert Job.objects.filter(kind=SEND_JOB, state="done", attempts=1).count() == 2
    work_until_idle()
    assert {stands(synced, one) for one in commands} == {CONFIRMED}


def _state(command: ErpCommand) -> OrderState:
    command.refresh_from_db()
    return from_json(OrderState, command.erp_state)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_database_ends_fails_the_one_it_was_lost_with(
    synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring, commands = sending_together.bring_command, several(3)

    def lose(command: ErpCommand) -> OrderState | None:
        if command.pk == commands[1].pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return bring(command)

    with monkeypatch.context() as patched:
        patched.setattr(sending_together, "bring_command", lose)
        outcomes = send(commands)
    assert [isinstance(one, DatabaseError) for one in outcomes] == [False, True, False]
    assert [stands(synced, one) for one in commands] == [CONFIRMED, ("pending", "accepted", 0), CONFIRMED]
    assert send([commands[1]]) == [None]
    assert stands(synced, commands[1]) == CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_orders_send_each_once(synced: SandboxProcess) -> None:
    commands = several(4)
    found = at_once(partial(send, commands), partial(send, commands[::-1]))
    for told in found:
        assert all(one is None or (isinstance(one, RetryLater) and not one.counts) for one in told), told
    work_until_idle()
    send(commands)
    assert [stands(synced, one) for one in commands] == [CONFIRMED] * 4
