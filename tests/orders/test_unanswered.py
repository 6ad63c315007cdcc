"""A silent ERP behind files: nothing is written twice, a person gets the exact bytes, the answer ends it."""

from __future__ import annotations

import pathlib
import uuid

import pytest

from distportal.events.errors import RetryLater
from distportal.systems.connections import save_connection
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import ErpCommand
from orders.process.intake import place_order
from orders.process.sending import send_command
from tests.distportal.systems.erp.csv_file.legacy import CONFIRMED, SETTINGS, drop
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def look(command: ErpCommand) -> None:
    with pytest.raises(RetryLater):
        send_command(command_id=command.pk)


def connect(folder: pathlib.Path, answer_hours: float) -> None:
    settings = {**SETTINGS, "folder": str(folder), "customers": {}, "warehouses": {}, "answer_hours": answer_hours}
    save_connection(name="default", kind="csv_file", settings=settings, secrets={})


def test_a_silent_erp_gets_one_file_one_case_and_an_end(synced: SandboxProcess, tmp_path: pathlib.Path) -> None:
    connect(tmp_path, 24.0)
    line = asked(("FST-10001", "10", "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}")
    order = place_order(order=line, source_key=f"t:{uuid.uuid4()}").order
    command = ErpCommand.objects.get(order=order)
    look(command)
    look(command)
    name = f"{command.order_key}.csv"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    content = (tmp_path / "out" / name).read_bytes()
    assert not Case.objects.filter(subject_id=str(command.pk)).exists(), "it is not late yet"
    (tmp_path / "out" / name).unlink()
    connect(tmp_path, 0.0)
    look(command)
    look(command)
    [case] = Case.objects.filter(subject_id=str(command.pk))
    assert (case.code, str(case.queue), case.data["content"]) == ("erp_unanswered", "Operations", content.decode())
    assert list((tmp_path / "out").iterdir()) == [], "never again by machine"
    drop(tmp_path, "AB1.CSV", CONFIRMED, f"{command.order_key};4711;;;;;OK;")
    send_command(command_id=command.pk)
    for row in (command, order, case):
        row.refresh_from_db()
    assert (command.state, order.status, order.erp_number) == ("confirmed", "confirmed", "4711")
    assert case.status not in CaseStatus.OPEN
    assert synced.orders(command.order_key) == []
