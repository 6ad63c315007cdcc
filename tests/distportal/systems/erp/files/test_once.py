"""An order's file is out once, whatever dies in between, and whatever the ERP does with it at once."""

from __future__ import annotations

import os
import pathlib
from typing import Any

import pytest

from distportal.systems.erp.files.folder import Folder
from distportal.systems.errors import Transient
from tests.at_once import at_once
from tests.distportal.systems.erp.csv_file.legacy import CONFIRMED, SHIPPED, connected, drop
from tests.distportal.systems.erp.drafts import draft


class PowerCut(Exception):
    """The process is gone."""


def dies(*args: Any) -> None:
    raise PowerCut


def test_dying_before_the_file_is_staged_writes_it_later(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = draft()
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "stage", dies)
        with pytest.raises(PowerCut):
            connected(tmp_path).advance_order(wanted, None)
    erp = connected(tmp_path)
    assert erp.find_order(wanted.order_key) == [], "nothing can be out, so it may be sent"
    assert erp.advance_order(wanted, None).stage == "received"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{wanted.order_key}.csv"]


def test_dying_before_the_rename_writes_it_later(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = draft()
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "release", dies)
        with pytest.raises(PowerCut):
            connected(tmp_path).advance_order(wanted, None)
    erp = connected(tmp_path)
    assert erp.find_order(wanted.order_key) == []
    assert erp.advance_order(wanted, None).stage == "received"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{wanted.order_key}.csv"]


def test_dying_after_the_rename_never_writes_it_again_though_the_erp_took_it(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, release = draft(), Folder.release

    def releases_and_dies(self: Folder, name: str) -> None:
        release(self, name)
        (self.out / name).unlink()  # the ERP is quick
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "release", releases_and_dies)
        with pytest.raises(PowerCut):
            connected(tmp_path).advance_order(wanted, None)
    erp = connected(tmp_path)
    [found] = erp.find_order(wanted.order_key)
    assert found.stage == "received"
    assert erp.advance_order(wanted, None).stage == "received"
    erp._outbox.put("order", wanted, wanted.content_hash)  # as a second worker that looked before the first one wrote
    assert list((tmp_path / "out").iterdir()) == []


def test_eight_workers_write_one_file(tmp_path: pathlib.Path) -> None:
    wanted = draft()
    connected(tmp_path).health()
    states = at_once(*[lambda: connected(tmp_path).advance_order(wanted, None)] * 8)
    assert {state.stage for state in states} == {"received"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{wanted.order_key}.csv"]


def test_eight_readers_read_each_file_once(tmp_path: pathlib.Path) -> None:
    connected(tmp_path).health()
    for n in range(20):
        drop(tmp_path, f"LS{n}.CSV", SHIPPED, f"L{n};NL-1;06.12.2026;0001;;1;A;8;ST")
    pages = at_once(*[lambda: connected(tmp_path).changes("shipment", None, 500)] * 8)
    assert {len(page.changes) for page in pages} <= set(range(21))
    final = connected(tmp_path).changes("shipment", None, 500)
    assert sorted(c.erp_id for c in final.changes) == sorted(f"L{n}" for n in range(20))
    assert len(list((tmp_path / "kept").iterdir())) == 20
    assert not (tmp_path / "quarantine").exists() or list((tmp_path / "quarantine").iterdir()) == []


def test_dying_after_a_file_was_read_reads_it_no_second_time(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp, wanted = connected(tmp_path), draft()
    erp.advance_order(wanted, None)
    drop(tmp_path, "AB1.CSV", CONFIRMED, f"{wanted.order_key};4711;1;2;8,80;;OK;")
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "keep", dies)
        with pytest.raises(PowerCut):
            erp.find_order(wanted.order_key)
    page = connected(tmp_path).changes("order", None, 10)
    assert [c.payload["number"] for c in page.changes] == ["4711"]
    assert list((tmp_path / "in").iterdir()) == []
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_folder_that_is_away_means_nothing_was_written(tmp_path: pathlib.Path) -> None:
    wanted = draft()
    with pytest.raises(Transient) as caught:
        connected(tmp_path / "nowhere").advance_order(wanted, None)
    assert caught.value.code == "erp.unreachable"
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_with_our_name_is_not_overwritten(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft()
    erp.health()
    taken = tmp_path / "out" / f"{wanted.order_key}.csv"
    taken.write_bytes(b"by hand")
    with pytest.raises(Transient) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.name_taken"
    assert taken.read_bytes() == b"by hand"
    os.unlink(taken)
    assert erp.advance_order(wanted, None).stage == "received"
    assert taken.read_bytes() != b"by hand"


def test_strange_names_and_links_hold_nobody_up(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    row = "L{};NL-1;06.12.2026;0001;;1;A;8;ST"
    drop(tmp_path, f"LS{'x' * 240}.CSV", SHIPPED, row.format(1))
    drop(tmp_path, "LS 2\n.CSV", SHIPPED, row.format(2))
    os.rename(tmp_path / "in" / "LS 2\n.CSV", os.fsencode(tmp_path / "in") + b"/LS\xff2.CSV")
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours")
    (tmp_path / "in" / "LS3.CSV").symlink_to(secret)
    assert sorted(c.erp_id for c in erp.changes("shipment", None, 10).changes) == ["L1", "L2"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["LS3.CSV"]
    assert len(list((tmp_path / "kept").iterdir())) == 2
