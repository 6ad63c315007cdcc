"""An order that the ERP holds twice: one alarm that stays until a person settles it, and one of the two goes on."""

from __future__ import annotations

import time
import uuid
from decimal import Decimal

import pytest

from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from distportal.systems.connections import save_connection, switch_connection
from exceptions.choices import CaseStatus
from exceptions.kpis import case_figures
from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from orders.process.sending import send_command
from tests.orders.builders import asked
from tests.orders.changes.conftest import ask, change, line_change
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
CREATE = {"method": "POST", "path_regex": "^/orders$"}


def placed() -> tuple[Order, ErpCommand]:
    order = place_order(
        order=asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}"), source_key=f"t:{uuid.uuid4()}"
    ).order
    return order, ErpCommand.objects.get(order=order)


def enter(erp: SandboxProcess, command: ErpCommand) -> str:
    """Somebody enters the same order in the ERP under the same reference."""
    lines = [{"posex": "1", "matnr": "10-000001", "quantity": 10, "unit": "ST", "price": "0.48"}]
    body = {"reference": command.order_key, "content_hash": command.content_hash, "customer": "C4001",
            "ship_to": "C4001-01", "lines": lines}  # fmt: skip
    return str(erp.post("/orders", body)["number"])


def work_until_settled(command: ErpCommand) -> None:
    deadline = time.monotonic() + 20
    while command.state not in ("confirmed", "rejected") and time.monotonic() < deadline:
        work_until_idle()
        time.sleep(0.2)
        command.refresh_from_db()


def alarms(command: ErpCommand) -> list[Case]:
    return list(Case.objects.filter(subject_id=str(command.pk), code="erp_duplicate", status__in=CaseStatus.OPEN))


def test_two_found_after_a_lost_answer_raise_one_alarm_and_the_furthest_goes_on(synced: SandboxProcess) -> None:
    order, command = placed()
    synced.faults({"kind": "commit_then_drop", "count": 1, "match": CREATE})
    with pytest.raises(RetryLater):  # not by its job, which would look it up soon
        send_command(command_id=command.pk)
    ahead = enter(synced, command)
    for step in ("confirm", "process"):
        synced.post(f"/orders/{ahead}/{step}")
    work_until_settled(command)
    order.refresh_from_db()
    assert (command.state, order.status, order.erp_number) == ("confirmed", "confirmed", ahead)
    [alarm] = alarms(command)
    assert ahead in alarm.sentence
    assert (alarm.severity, str(alarm.queue)) == (4, "Operations")
    live = {str(o["number"]): o["status"] for o in synced.orders(command.order_key)}
    assert len(live) == 2
    assert sorted(live.values()) == ["DRAFT", "RELEASED"], "the other one was not touched"


def test_two_that_were_there_before_the_first_send_are_an_alarm_and_no_third(synced: SandboxProcess) -> None:
    _, command = placed()
    numbers = {enter(synced, command), enter(synced, command)}
    work_until_settled(command)
    assert command.state == "confirmed"
    assert command.erp_number in numbers
    assert len(alarms(command)) == 1
    assert {str(o["number"]) for o in synced.orders(command.order_key)} == numbers


def test_a_change_of_an_order_that_is_there_twice_is_an_alarm_and_changes_neither(synced: SandboxProcess) -> None:
    order, command = placed()
    work_until_settled(command)
    order.refresh_from_db()
    enter(synced, command)
    before = [held["lines"] for held in synced.orders(command.order_key)]
    done = ask(order, change(line_change("1", quantity=Decimal(4))))
    assert done.status == "refused"
    assert [held["lines"] for held in synced.orders(command.order_key)] == before
    [alarm] = Case.objects.filter(code="erp_duplicate", status__in=CaseStatus.OPEN)
    assert alarm.subject_id == str(ErpCommand.objects.get(change=done).pk)
    assert "holds 2 orders" in alarm.sentence
    [figure] = case_figures()
    assert ({"kind": "erp.duplicate", "code": "erp_duplicate"}, 1) in figure.samples


def test_a_connection_that_is_off_keeps_its_orders_and_burns_no_try(
    synced: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", synced.token)
    save_connection(name="default", kind="sandbox", settings={"url": synced.url}, secrets={"token": "env:A_TOKEN"})
    switch_connection(name="default", active=False)
    _, command = placed()
    with pytest.raises(RetryLater):
        send_command(command_id=command.pk)
    command.refresh_from_db()
    assert (command.state, command.attempts, synced.orders(command.order_key)) == ("pending", 0, [])
    switch_connection(name="default", active=True)
    send_command(command_id=command.pk)
    command.refresh_from_db()
    assert command.state == "confirmed"
