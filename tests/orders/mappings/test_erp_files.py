"""Codes in an ERP's files that nobody mapped are listed; once mapped, what was set aside is read again by itself."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest
from django.test import Client
from django.urls import reverse

from distportal.events.clock import database_now
from distportal.systems.connections import save_connection
from distportal.systems.identity import trust_connection
from distportal.systems.mapping.models import MissingCode, Waiting
from distportal.systems.mapping.settling import map_code, settle_scope
from distportal.systems.registry import erp
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import FeedCursor, StockLevel
from inventory.process.sync import sync_feed
from orders.process.set_aside import report_set_aside
from tests.clients import signed_in
from tests.conftest import Cast
from tests.distportal.systems.erp.csv_file.legacy import SETTINGS, drop
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
_ITEM = "FST-10001 "


@pytest.fixture
def folder(synced: SandboxProcess, tmp_path: pathlib.Path) -> pathlib.Path:
    save_connection(name="default", kind="csv_file", settings={**SETTINGS, "folder": str(tmp_path)}, secrets={})
    trust_connection("default", actor="the test", reason="the house has this ERP now")
    FeedCursor.objects.filter(kind="stock").update(cursor="")
    erp().health()
    return tmp_path


def moment() -> str:
    return f"{database_now() + dt.timedelta(hours=1):%Y%m%d%H%M}"


def row(warehouse: str, quantity: int) -> str:
    return f"{_ITEM}{warehouse}{quantity * 100:09d}{quantity * 100:09d}{moment()}"


def look() -> None:
    report_set_aside(erp())


def test_a_row_set_aside_for_its_code_is_listed_and_goes_on_once_mapped(folder: pathlib.Path, cast: Cast) -> None:
    drop(folder, "BESTAND1.TXT", row("0001", 7), row("0009", 4), row("0008", 3))
    look()
    codes = {code.code: code for code in MissingCode.objects.filter(scope="erp:default", kind="warehouse")}
    assert set(codes) == {"0009", "0008"}
    assert set(Waiting.objects.values_list("subject_type", "label")) == {("erp_file", "BESTAND1.TXT")}
    case = Case.objects.get(code="erp_unreadable")
    page = signed_in(cast.agent).get(reverse("mappings:missing")).content.decode()
    assert "0009" in page
    map_code(missing_id=codes["0009"].pk, code="DAYTON")
    settle_scope(scope="erp:default")
    assert list((folder / "in").iterdir()) == [], "it waits for the other code, too"
    map_code(missing_id=codes["0008"].pk, code="NEWARK")
    assert settle_scope(scope="erp:default") >= 1
    case.refresh_from_db()
    assert case.status not in CaseStatus.OPEN
    assert not Waiting.objects.exists()
    assert [path.name for path in (folder / "in").iterdir()] == ["BESTAND1.TXT"]
    assert list((folder / "quarantine").iterdir()) == []
    sync_feed(kind="stock")
    told = dict(StockLevel.objects.filter(item__sku="FST-10001").values_list("warehouse__code", "on_hand"))
    assert {code: int(told[code]) for code in ("RENO", "DAYTON", "NEWARK")} == {"RENO": 7, "DAYTON": 4, "NEWARK": 3}
    look()
    assert Case.objects.filter(code="erp_unreadable").count() == 1, "nothing is wrong with it any more"


def test_what_is_wrong_besides_is_told_anew_and_what_is_gone_ends_the_wait(folder: pathlib.Path) -> None:
    drop(folder, "BESTAND2.TXT", row("0009", 4), f"{_ITEM}0001what is itwhat is it{moment()}")
    look()
    drop(folder, "BESTAND3.TXT", row("0009", 5))
    look()
    next(path for path in (folder / "quarantine").iterdir() if path.name.endswith("BESTAND3.TXT")).unlink()
    map_code(missing_id=MissingCode.objects.get(code="0009").pk, code="DAYTON")
    assert settle_scope(scope="erp:default") == 2
    look()
    open_cases = Case.objects.filter(code="erp_unreadable", status__in=CaseStatus.OPEN)
    assert [case.data["file"].partition("-")[2] for case in open_cases] == ["BESTAND2.TXT"]
    assert len(open_cases[0].data["faults"]) == 1, "the row of which the code was missing is in"
    assert not Waiting.objects.exists()


def test_faults_of_another_sort_wait_for_no_code(folder: pathlib.Path) -> None:
    drop(folder, "BESTAND4.TXT", "too short")
    look()
    assert Case.objects.filter(code="erp_unreadable").count() == 1
    assert not MissingCode.objects.filter(scope="erp:default").exists()
    assert Client().get(reverse("mappings:missing")).status_code == 302
