"""A silent ERP behind files: nothing is written twice, a person gets the exact bytes, the answer ends it."""

from __future__ import annotations

import pathlib
import uuid

import pytest

from distportal.events.errors import RetryLater
from distportal.systems.connections import save_connection
from distportal.systems.identity import trust_connection
from distportal.systems.registry import erp
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.process.sync import sync_feed
from orders.models import ErpCommand
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.sending import send_command
from orders.process.set_aside import report_set_aside
from tests.distportal.systems.erp.csv_file.legacy import CONFIRMED, SETTINGS, SHIPPED, drop
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def look(command: ErpCommand) -> None:
    with pytest.raises(RetryLater):
        send_command(command_id=command.pk)


def connect(folder: pathlib.Path, answer_hours: float) -> None:
    settings = {**SETTINGS, "folder": str(folder), "customers": {}, "warehouses": {}, "answer_hours": answer_hours}
    save_connection(name="default", kind="csv_file", settings=settings, secrets={})
    trust_connection("default", actor="the test", reason="the house has this ERP now")


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


def test_a_file_with_faults_has_one_case_and_its_good_rows_are_recorded(
    synced: SandboxProcess, tmp_path: pathlib.Path
) -> None:
    connect(tmp_path, 24.0)
    erp().health()
    drop(tmp_path, "LS1.CSV", SHIPPED, "L1;NL-1;31.02.2026;0001;;1;A;8;ST", "L2;NL-2;06.12.2026;0001;;1;A;x;ST")
    drop(tmp_path, "WHAT.CSV", "1")
    for _ in range(2):
        sync_erp()
    cases = list(Case.objects.filter(code="erp_unreadable").order_by("number"))
    assert [case.data["file"] for case in cases] == ["000000001-LS1.CSV", "000000002-WHAT.CSV"]
    assert [len(case.data["faults"]) for case in cases] == [2, 1]
    assert cases[0].sentence.startswith("000000001-LS1.CSV: line 2: line 2: shipped_at is '31.02.2026'")
    assert cases[0].sentence.endswith("and 1 more")


def test_an_erp_without_files_or_without_a_feed_is_no_failure(synced: SandboxProcess, tmp_path: pathlib.Path) -> None:
    report_set_aside(erp())
    layouts = {"order": SETTINGS["layouts"]["order"], "shipment": SETTINGS["layouts"]["shipment"],
               "invoice": SETTINGS["layouts"]["invoice"]}  # fmt: skip
    settings = {**SETTINGS, "folder": str(tmp_path), "layouts": layouts}
    save_connection(name="default", kind="csv_file", settings=settings, secrets={})
    trust_connection("default", actor="the test", reason="the house has this ERP now")
    sync_erp()
    assert [sync_feed(kind=kind) for kind in ("item", "stock", "price", "customer")] == [0, 0, 0, 0]
    assert not Case.objects.filter(code="erp_unreadable").exists()
