"""Whoever is held up between its claim and its call sends nothing any more, and overwrites nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import Mock

import pytest
from celery.signals import worker_ready

from distportal.canonical.base import from_json
from distportal.celery import app
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import SETTLED_STAGES, ErpPort, OrderDraft, OrderState
from distportal.systems.registry import erp
from exceptions.models import Case
from orders.choices import CommandState
from orders.models import ErpCommand
from orders.process.command_claims import begin_sending, mark_command, note_empty_lookup
from orders.process.confirmation import record_refusal
from orders.process.intake import place_order
from orders.process.sending import send_command
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(synced: SandboxProcess) -> ErpCommand:
    """Of an order that was accepted just now."""
    order = place_order(order=asked(("FST-10001", "1", "EA", None), po="HELD-UP"), source_key="test:1").order
    return ErpCommand.objects.get(order=order)


def test_a_write_that_was_held_up_for_too_long_does_not_leave(
    command: ErpCommand, synced: SandboxProcess, settings: Any
) -> None:
    settings.SEND_WITHIN_SECONDS = 0.2
    synced.faults({"match": {"method": "GET", "path_regex": "/orders$"}, "count": 1, "kind": "latency", "seconds": 0.5})
    with pytest.raises(RetryLater, match="held up"):
        send_command(command_id=command.pk)
    command.refresh_from_db()
    assert (command.state, command.attempts) == ("pending", 1), "nothing was sent, so it may be sent again at once"
    seen = [entry["method"] for entry in synced.ledger(command.order_key)]
    assert "POST" not in seen
    settings.SEND_WITHIN_SECONDS = 60.0
    send_command(command_id=command.pk)
    command.refresh_from_db()
    assert command.state == "confirmed"
    assert len(synced.orders(command.order_key)) == 1


def test_who_was_overtaken_has_nothing_to_say(command: ErpCommand) -> None:
    begin_sending(command, wait=1.0)
    mine = command.attempts
    mark_command(command.pk, CommandState.UNKNOWN, attempt=mine)
    mark_command(command.pk, CommandState.PENDING, attempt=mine)
    other = ErpCommand.objects.get(pk=command.pk)
    begin_sending(other, wait=1.0)
    mark_command(command.pk, CommandState.PENDING, attempt=mine)
    assert ErpCommand.objects.values_list("state", "attempts").get(pk=command.pk) == ("sending", 2)
    mark_command(command.pk, CommandState.UNKNOWN, attempt=other.attempts)
    assert ErpCommand.objects.get(pk=command.pk).state == "unknown"


def test_who_read_it_before_it_was_given_free_sends_it_as_any_other(
    command: ErpCommand, monkeypatch: pytest.MonkeyPatch, synced: SandboxProcess
) -> None:
    begin_sending(command, wait=1.0)

    def port(read: ErpCommand) -> ErpPort:
        mark_command(command.pk, CommandState.PENDING, attempt=command.attempts)
        return erp(read.erp)

    monkeypatch.setattr("orders.process.sending._port", port)
    send_command(command_id=command.pk)
    assert ErpCommand.objects.values_list("state", "attempts").get(pk=command.pk) == ("confirmed", 2)
    assert len(synced.orders(command.order_key)) == 1


def test_what_the_erp_has_is_confirmed_though_another_worker_was_refused(
    command: ErpCommand, monkeypatch: pytest.MonkeyPatch, synced: SandboxProcess
) -> None:
    """The one's request was still on its way when the other's was refused."""
    begin_sending(command, wait=1.0)
    state: OrderState | None = None
    while state is None or state.stage not in SETTLED_STAGES:
        state = erp(command.erp).advance_order(from_json(OrderDraft, command.draft), state)

    def port(read: ErpCommand) -> ErpPort:
        record_refusal(command_id=command.pk, code="erp.customer_blocked", text="blocked")
        assert Case.objects.get().code == "erp_refused"
        return erp(read.erp)

    monkeypatch.setattr("orders.process.sending._port", port)
    send_command(command_id=command.pk)
    command.refresh_from_db()
    assert command.order
    assert (command.state, command.error_code, command.order.status) == ("confirmed", "", "confirmed")
    assert Case.objects.get().status == "resolved"
    assert len(synced.orders(command.order_key)) == 1


def test_an_empty_look_says_nothing_of_what_was_settled_meanwhile(command: ErpCommand) -> None:
    send_command(command_id=command.pk)
    for _ in range(2):
        note_empty_lookup(command.pk, looked_at=database_now(), settle=dt.timedelta())
    command.refresh_from_db()
    assert (command.state, command.empty_lookups, command.last_lookup_at) == ("confirmed", 0, None)


def test_two_looks_at_the_same_time_count_as_one(command: ErpCommand) -> None:
    before = database_now()
    begin_sending(command, wait=1.0)

    def noted(looked_at: dt.datetime) -> tuple[str, int]:
        note_empty_lookup(command.pk, looked_at=looked_at, settle=dt.timedelta())
        command.refresh_from_db()
        return command.state, command.empty_lookups

    assert noted(before) == ("sending", 0), "it began before the command was sent"
    both = database_now()
    assert [noted(both), noted(both)] == [("sending", 1), ("sending", 1)]
    assert noted(database_now()) == ("pending", 0)
    assert noted(database_now()) == ("pending", 0), "it is free already"


def test_a_worker_knows_its_size_without_asking_a_pool_that_may_be_gone() -> None:
    """Celery's `can_consume` prefers this number to that of the pool, which is None after a cold stop."""
    for before, after in ((None, 2), (8, 8)):
        consumer = Mock(controller=Mock(concurrency=2, max_concurrency=before))
        worker_ready.send(sender=consumer)
        assert consumer.controller.max_concurrency == after


def test_a_new_process_of_a_pool_has_time_to_start_on_a_busy_machine() -> None:
    """Seen at load 20: each was killed after Celery's own four seconds and the next one started; nobody worked."""
    assert app.conf.worker_proc_alive_timeout >= 60


def test_who_saw_the_command_before_another_try_does_not_begin_one(command: ErpCommand) -> None:
    before = ErpCommand.objects.get(pk=command.pk)
    begin_sending(command, wait=1.0)
    mark_command(command.pk, CommandState.PENDING, attempt=command.attempts)
    with pytest.raises(RetryLater, match="another worker is at this command"):
        begin_sending(before, wait=1.0)
    assert ErpCommand.objects.values_list("state", "attempts").get(pk=command.pk) == ("pending", 1)
    again = ErpCommand.objects.get(pk=command.pk)
    ErpCommand.objects.filter(pk=command.pk).update(content_hash="another")
    with pytest.raises(RetryLater, match="another worker is at this command"):
        begin_sending(again, wait=1.0)
