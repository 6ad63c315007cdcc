"""ORDCHG: what a change and a cancellation look like to SAP, and which answers grant them."""

from __future__ import annotations

import datetime as dt
import pathlib
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import OrderDraft
from distportal.systems.errors import Rejected, UnknownOutcome
from tests.distportal.systems.erp.drafts import draft, line
from tests.distportal.systems.erp.idoc_file.sap import connected, data, drop, order_response


def confirmed(folder: pathlib.Path, **changes: object) -> tuple[FileErp, OrderDraft]:
    """An order of three lines that SAP has."""
    erp = connected(folder, order_changes=True, **changes)
    wanted = draft(line("1", quantity=12), line("2", "HTL-40001", 1, "CA", "100.32"), line("3", quantity=4))
    erp.advance_order(wanted, None)
    drop(folder, "r0.idoc", *order_response(wanted.order_key, item("1", "12"), item("2", "1"), item("3", "4")))
    assert erp.find_order(wanted.order_key)[0].stage == "accepted"
    return erp, wanted


def item(position: str, quantity: str, *more: tuple[int, str]) -> str:
    """An item of an ORDRSP."""
    unit = "CT" if position == "2" else "PCE"
    return data("E2EDP01005", (0, f"{int(position):06d}"), *[m for m in more if m[0] < 11], (11, quantity), (26, unit),
                *[m for m in more if m[0] > 11])  # fmt: skip


def less(wanted: OrderDraft) -> OrderDraft:
    """Less of the first line, none of the second, the third as it is, a fourth one."""
    lines = (line("1", quantity=5), line("3", quantity=4), line("4", "HTL-40001", 2, "CA", "99"))
    return draft(*lines, order_key=wanted.order_key, content_hash="hash-2")


def asked(erp: FileErp, wanted: OrderDraft) -> None:
    with pytest.raises(UnknownOutcome):
        erp.request_change(less(wanted), wanted.content_hash)


def test_a_change_lists_what_it_touches_with_the_action_of_each_item(tmp_path: pathlib.Path) -> None:
    erp, wanted = confirmed(tmp_path)
    asked(erp, wanted)
    asked(erp, wanted)
    [path] = tmp_path.glob("out/*-change-*.idoc")
    control, *records = path.read_text("utf-8").splitlines()
    assert (control[39:47], control[99:105], control[434:504].strip()) == ("ORDERS05", "ORDCHG", wanted.order_key)
    data_of = [(r[:30].strip(), r[63:]) for r in records]
    assert [d[3:38].strip() for name, d in data_of if name == "E2EDK02"] == [wanted.order_key]
    items = [d for name, d in data_of if name == "E2EDP01003"]
    assert [(d[0:6], d[6:9], d[11:26].strip()) for d in items] == [
        ("000001", "002", "5"), ("000004", "001", "2"), ("000002", "003", "1"),
    ]  # fmt: skip
    assert [d[3:21].strip() for name, d in data_of if name == "E2EDS01"] == ["3"]


def test_a_cancellation_cancels_every_item_of_what_is_in_force(tmp_path: pathlib.Path) -> None:
    erp, wanted = confirmed(tmp_path, form="xml")
    asked(erp, wanted)
    drop(tmp_path, "r1.idoc", *order_response(
        wanted.order_key, item("1", "5"), item("2", "1", (6, "003")), item("3", "4"), item("4", "2"),
    ))  # fmt: skip
    assert erp.find_order(wanted.order_key)[0].content_hash == "hash-2"
    with pytest.raises(UnknownOutcome):
        erp.request_cancel(wanted.order_key, "no longer needed")
    [path] = tmp_path.glob("out/*-cancel-*.xml")
    root = ElementTree.fromstring(path.read_bytes())  # noqa: S314
    assert root.findtext(".//MESTYP") == "ORDCHG"
    assert [(i.findtext("POSEX"), i.findtext("ACTION")) for i in root.iter("E1EDP01")] == [
        ("000001", "003"), ("000003", "003"), ("000004", "003"),
    ]  # fmt: skip
    drop(tmp_path, "r2.idoc", *order_response(
        wanted.order_key, *(item(p, "1", (6, "003")) for p in ("1", "3", "4")),
    ))  # fmt: skip
    assert erp.request_cancel(wanted.order_key, "no longer needed").stage == "cancelled"
    assert len(list(tmp_path.glob("out/*-cancel-*"))) == 1


@pytest.mark.parametrize(
    ("answer", "granted"),
    [
        ([item("1", "5"), item("2", "1", (212, "Z1")), item("4", "2")], True),  # what was touched
        ([item("1", "5"), item("3", "4"), item("4", "2")], True),  # all of the order as it is now
        ([item("1", "3"), item("2", "1", (6, "003")), item("4", "2")], True),  # less can be confirmed
        ([item("1", "12"), item("2", "1", (6, "003")), item("4", "2")], False),  # it keeps the quantity
        ([item("1", "5"), item("2", "1"), item("4", "2")], False),  # it keeps the line
        ([item("3", "4")], False),  # it speaks of something else
    ],
)
def test_an_answer_grants_a_change_only_if_it_fits(tmp_path: pathlib.Path, answer: list[str], granted: bool) -> None:
    erp, wanted = confirmed(tmp_path)
    asked(erp, wanted)
    drop(tmp_path, "r1.idoc", *order_response(wanted.order_key, *answer))
    state = erp.request_change(less(wanted), wanted.content_hash)
    assert state.content_hash == ("hash-2" if granted else wanted.content_hash)
    assert state.stage == "accepted"
    assert len(list(tmp_path.glob("out/*-change-*"))) == 1


def test_a_moved_day_is_a_changed_item(tmp_path: pathlib.Path) -> None:
    erp, wanted = confirmed(tmp_path)
    later = draft(*wanted.lines, order_key=wanted.order_key, content_hash="hash-3", requested_on=dt.date(2026, 12, 24))
    with pytest.raises(UnknownOutcome):
        erp.request_change(later, wanted.content_hash)
    [path] = tmp_path.glob("out/*-change-*.idoc")
    lines = [r[63:] for r in path.read_text("utf-8").splitlines() if r.startswith("E2EDP20")]
    assert [(Decimal(d[0:15]), d[30:38]) for d in lines] == [(12, "20261224"), (1, "20261224"), (4, "20261224")]


def test_a_profile_without_order_changes_refuses_and_writes_nothing(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft()
    erp.advance_order(wanted, None)
    for ask, code in (
        (lambda: erp.request_change(draft(order_key=wanted.order_key, content_hash="h2"), "hash-1"), "change"),
        (lambda: erp.request_cancel(wanted.order_key, "no longer needed"), "cancel"),
    ):
        with pytest.raises(Rejected) as caught:
            ask()
        assert caught.value.code == f"erp.{code}_not_offered"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{wanted.order_key}.idoc"]
