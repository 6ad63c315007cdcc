"""What the legacy ERP writes comes back in our codes; a bad row or file is set aside and its neighbours are read."""

from __future__ import annotations

import os
import pathlib
from decimal import Decimal
from typing import Any

import pytest

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import FeedKind
from distportal.systems.errors import Misconfigured, OutOfStep
from tests.distportal.systems.erp.csv_file.legacy import BILLED, SHIPPED, connected, drop


def payloads(erp: FileErp, kind: FeedKind) -> list[dict[str, Any]]:
    """Everything of a feed."""
    return [dict(change.payload) for change in erp.changes(kind, None, 500).changes]


def aside(folder: pathlib.Path) -> tuple[str, str]:
    """The one file in quarantine, and why it is there."""
    [why] = (folder / "quarantine").glob("*.why.txt")
    return why.with_name(why.name.removesuffix(".why.txt")).read_bytes().decode("cp1252"), why.read_text("utf-8")


def test_shipments_and_invoices_are_canonical(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    drop(
        tmp_path,
        "LS1.CSV",
        SHIPPED,
        "L1;NL-1;06.12.2026;0001;1Z9;1;PLB-30001;8;ST",
        "L1;NL-1;06.12.2026;0001;1Z9;2;HTL-1;1;KAR",
    )
    drop(tmp_path, "RE1.CSV", BILLED, "R1;NL-1;07.12.2026;71,20;0,80;1;PLB-30001;8;ST;8,80")
    shipment = from_json(Shipment, payloads(erp, "shipment")[0])
    assert (shipment.number, shipment.order_key, shipment.ship_from.code) == ("L1", "NL-1", "RENO")
    assert [(i.order_line_no, i.quantity, i.unit) for i in shipment.lines] == [("1", 8, "EA"), ("2", 1, "CA")]
    assert shipment.shipped_at.isoformat() == "2026-12-06T12:00:00+00:00"
    invoice = from_json(Invoice, payloads(erp, "invoice")[0])
    assert (invoice.total, invoice.tax, invoice.due_on.isoformat()) == (Decimal("71.20"), Decimal("0.80"), "2027-01-06")


def test_fixed_width_stock_with_implied_places_and_a_sign_behind(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    row = f"{'PLB-30001':<10}0001{'000120000':>9}{'250-':>9}202611251030"
    drop(tmp_path, "BESTAND1.TXT", row, f"{'PLB-30002':<10}0002{'100':>9}")
    assert payloads(erp, "stock")[0] == {
        "sku": "PLB-30001", "warehouse": "RENO", "on_hand": "1200", "available": "-2.5",
        "as_of": "2026-11-25T10:30:00+00:00", "supply_on": None, "supply_quantity": "0",
    }  # fmt: skip
    assert payloads(erp, "stock")[1]["available"] == "1", "a right-trimmed row is blank at its end"
    [[change]] = erp.snapshot("stock", {"sku": "PLB-30002", "warehouse": "DAYTON"})
    assert change.payload["on_hand"] == "1"


def test_an_older_file_never_overwrites_a_newer_one_and_the_same_again_is_no_news(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    rows = [
        f"{'PLB-30001':<10}0001{qty:>9}{qty:>9}{at}" for qty, at in (("500", "202611251030"), ("900", "202611250900"))
    ]
    drop(tmp_path, "BESTAND1.TXT", rows[0])
    cursor = erp.changes("stock", None, 10).next_cursor
    drop(tmp_path, "BESTAND2.TXT", rows[1])
    drop(tmp_path, "BESTAND1.TXT", rows[0])
    page = erp.changes("stock", cursor, 10)
    assert (page.changes, page.more, page.next_cursor) == ((), False, cursor)
    assert [p["on_hand"] for p in payloads(erp, "stock")] == ["5"]
    assert len(list((tmp_path / "kept").iterdir())) == 3


def test_what_a_full_price_file_does_not_name_is_gone(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    drop(tmp_path, "PREIS1.CSV", "PLB-1;;1;x;1.234,50", "PLB-1;10042;12;x;8,36", "PLB-2;;1;x;7")
    first = erp.changes("price", None, 10)
    assert [(c.payload["account"], c.payload["min_quantity"], c.payload["unit_price"]) for c in first.changes] == [
        ("", "1", "1234.5"), ("HARBOR", "12", "8.36"), ("", "1", "7"),
    ]  # fmt: skip
    drop(tmp_path, "PREIS2.CSV", "PLB-1;;1;x;1.300,00", "PLB-2;;1;x;broken")
    assert not any(c.deleted for c in erp.changes("price", first.next_cursor, 10).changes), (
        "a faulty file sweeps nothing"
    )
    drop(tmp_path, "PREIS3.CSV", "PLB-1;;1;x;1.300,00", "PLB-2;;1;x;7")
    news = erp.changes("price", first.next_cursor, 10).changes
    assert [(c.payload["unit_price"], c.deleted) for c in news] == [("1300", False), ("8.36", True)]
    assert [len(page) for page in erp.snapshot("price", {})] == [2]
    assert [c.version for c in news] == sorted(c.version for c in news)


@pytest.mark.parametrize(
    ("name", "lines", "kind", "good", "reason"),
    [
        ("LS1.CSV", (SHIPPED, "L1;NL-1;06.12.2026;0001;;1;A;8;ST", "L2;NL-2;31.02.2026;0001;;1;A;8;ST"), "shipment", 1,
         "line 3: shipped_at is '31.02.2026', which is no time of this layout"),
        ("LS1.CSV", (SHIPPED, "L1;NL-1;06.12.2026;0001;;1;A;8;ST", "L1;NL-1;06.12.2026;0001;;2;A;8;LB"), "shipment", 0,
         "lines 2 to 3: line 3: unit 'LB' is not mapped: map it under Code mappings, or add it to units"),
        ("RE1.CSV", (BILLED, "R1;NL-1;07.12.2026;99,00;0;1;A;8;ST;8,80", "R2;NL-1;07.12.2026;70,40;0;1;A;8;ST;8,80"),
         "invoice", 1, "line 2: the total 99 is not 70.4, the sum of lines, freight and tax"),
        ("LS1.CSV", (SHIPPED, "L1;NL-1;06.12.2026", "L2;NL-2;06.12.2026;0001;;1;A;8;ST"), "shipment", 1,
         "line 2: line 2: the row has 3 columns, warehouse should be in column 4"),
        ("LS1.CSV", (SHIPPED, "L1;NL-1;06.12.2026;0001;;1;A;;ST",), "shipment", 0, "line 2: line 2: quantity is blank"),
        ("LS1.CSV", ("NR;AUFTRAG",), "shipment", 0, "the whole file: the heading has no LIEFERSCHEIN, DATUM"),
        ("WHAT.CSV", ("1",), "shipment", 0, "the whole file: the name fits no layout's files"),
        ("AB1.CSV", ("AUFTRAG;NUMMER;POS;MENGE;PREIS;TERMIN;STATUS;GRUND", "NL-9;1;1;1;1;;OK;"), "order", 0,
         "order NL-9: we sent no order with the key NL-9"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_set_aside_with_its_reason(
    tmp_path: pathlib.Path, name: str, lines: tuple[str, ...], kind: FeedKind, good: int, reason: str
) -> None:
    erp = connected(tmp_path)
    erp.health()
    drop(tmp_path, name, *lines)
    assert len(payloads(erp, kind)) == good
    content, why = aside(tmp_path)
    assert reason in why
    assert content
    assert list((tmp_path / "in").iterdir()) == []
    assert (tmp_path / "kept" / f"000000001-{name}").exists()
    assert "1 files with faults" in erp.health().detail


def test_rows_that_were_set_aside_can_be_corrected_and_dropped_in_again(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    drop(tmp_path, "LS1.CSV", SHIPPED, "L1;NL-1;06.12.2026;0001;;1;A;8;ST", "L2;NL-2;06.12.2026;0001;;1;A;acht;ST")
    assert len(payloads(erp, "shipment")) == 1
    content, _ = aside(tmp_path)
    drop(tmp_path, "LS1-again.CSV", *content.replace("acht", "8").split("\r\n")[:-1])
    assert {p["number"] for p in payloads(erp, "shipment")} == {"L1", "L2"}


def test_a_file_that_is_still_written_to_is_left_alone(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path, quiet_seconds=60.0)
    erp.health()
    drop(tmp_path, "ARTIKEL1.CSV", "ARTIKEL;NAME;ME", "A;Hahn;ST")
    drop(tmp_path, "ARTIKEL2.CSV.part", "ARTIKEL;NAME;ME", "B;Hahn;ST")
    assert payloads(erp, "item") == []
    os.utime(tmp_path / "in" / "ARTIKEL1.CSV", (1, 1))
    os.utime(tmp_path / "in" / "ARTIKEL2.CSV.part", (1, 1))
    assert [p["sku"] for p in payloads(erp, "item")] == ["A"]


def test_small_pages_lose_nothing_and_a_foreign_cursor_is_refused(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.health()
    drop(tmp_path, "ARTIKEL1.CSV", "ARTIKEL;NAME;ME", *[f"A{n};Hahn;ST" for n in range(7)])
    seen, cursor, more = [], None, True
    while more:
        page = erp.changes("item", cursor, 2)
        seen += [c.payload["sku"] for c in page.changes]
        cursor, more = page.next_cursor, page.more
    assert seen == [f"A{n}" for n in range(7)]
    for foreign in ("e:nonsense", "0123456789ab:3"):
        with pytest.raises(OutOfStep):
            erp.changes("item", foreign, 10)


def test_what_a_folder_does_not_have_is_not_offered(tmp_path: pathlib.Path) -> None:
    layouts = {"order": {"columns": [{"field": f} for f in ("order_key", "line_key", "sku", "quantity")]}}
    erp = connected(tmp_path, layouts=layouts)
    assert erp.capabilities().feeds == {"order"}
    assert erp.capabilities().order_key == "ack_only"
    with pytest.raises(Misconfigured):
        erp.changes("stock", None, 10)
    with pytest.raises(Misconfigured):
        erp.document("invoice_pdf", "1")
