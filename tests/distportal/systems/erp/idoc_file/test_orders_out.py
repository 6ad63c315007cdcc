"""ORDERS05 to the byte: golden files in both forms, and each field again by offsets that are written out here."""

from __future__ import annotations

import datetime as dt
import pathlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from distportal.systems.errors import Conflict, Misconfigured, Rejected
from tests.distportal.systems.erp.drafts import draft, line
from tests.distportal.systems.erp.idoc_file.sap import connected

GOLDEN = pathlib.Path(__file__).parent / "golden"
NOW = dt.datetime(2026, 11, 25, 10, 15, tzinfo=dt.UTC)
WANTED = draft(
    line("1", quantity=12), line("2", "HTL-40001", 1, "CA", "100.32"), order_key="NL-7",
    requested_on=dt.date(2026, 12, 1),
)  # fmt: skip


@pytest.mark.parametrize(("form", "name"), [("flat", "orders05.idoc"), ("xml", "orders05.xml")])
def test_the_file_is_the_golden_one(tmp_path: pathlib.Path, form: str, name: str) -> None:
    erp = connected(tmp_path, form=form)
    assert erp._dialect.write("order", WANTED, 7, NOW) == (GOLDEN / name).read_bytes()


def test_every_field_of_the_flat_file_is_where_sap_reads_it(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    assert erp.advance_order(WANTED, None).stage == "received"
    lines = (tmp_path / "out" / "NL-7.idoc").read_bytes().decode("utf-8").split("\r\n")
    control, records = lines[0], lines[1:-1]
    assert len(control) == 524
    assert (control[0:8], control[13:29], control[35], control[39:47], control[99:105]) == (
        "EDI_DC40", "0000000000000001", "2", "ORDERS05", "ORDERS",
    )  # fmt: skip
    assert (control[148:154], control[158:160], control[162:166]) == ("PORTAL", "KU", "4001")
    assert (control[263:269], control[273:275], control[277:287]) == ("SAPPRD", "LS", "PRDCLNT100")
    assert control[434:504].strip() == "NL-7"
    assert [(r[0:30].strip(), len(r) - 63) for r in records] == [
        ("E2EDK01003", 338), *[("E2EDK14", 38)] * 4, *[("E2EDK03", 17)] * 2, *[("E2EDKA1002", 980)] * 2,
        ("E2EDK02", 58), *[("E2EDP01003", 304), ("E2EDP20", 58), ("E2EDP19001", 160)] * 2, ("E2EDS01", 27),
    ]  # fmt: skip
    assert [r[49:55] for r in records] == [f"{n:06d}" for n in range(1, len(records) + 1)]
    assert records[11][55:63] == "00001103", "the schedule line is below the item"
    sdata = [r[63:] for r in records]
    assert [(s[0:3], s[3:38].strip()) for s in sdata[1:5]] == [
        ("008", "1710"), ("007", "10"), ("006", "00"), ("012", "ZOR"),
    ]  # fmt: skip
    assert [(s[0:3].strip(), s[3:20].strip()) for s in sdata[7:9]] == [("AG", "0001000001"), ("WE", "0001000002")]
    assert (sdata[9][0:3], sdata[9][3:38].strip()) == ("001", "NL-7")
    item = sdata[10]
    assert (item[0:6], item[11:26].strip(), item[26:29], item[54:69].strip(), item[69:78].strip()) == (
        "000001", "12", "PCE", "8.8", "1",
    )  # fmt: skip
    assert (sdata[11][0:15].strip(), sdata[11][30:38]) == ("12", "20261201")
    assert (sdata[12][0:3], sdata[12][3:38].strip()) == ("002", "000000000000000030")
    assert (sdata[16][0:3], sdata[16][3:21].strip()) == ("001", "2")


def test_the_xml_has_the_plain_names(tmp_path: pathlib.Path) -> None:
    root = ElementTree.fromstring(connected(tmp_path, form="xml")._dialect.write("order", WANTED, 7, NOW))  # noqa: S314
    assert root.tag == "ORDERS05"
    items = [(i.findtext("POSEX"), i.findtext("E1EDP19/IDTNR")) for i in root.findall("IDOC/E1EDP01")]
    assert items == [("000001", "000000000000000030"), ("000002", "TG31")]


@pytest.mark.parametrize(
    ("wanted", "error", "code"),
    [
        (draft(customer="NOBODY"), Misconfigured, "erp.unmapped_customer"),
        (draft(ship_to="HARBOR-09"), Misconfigured, "erp.unmapped_ship_to"),
        (draft(line(unit="LB")), Misconfigured, "erp.unmapped_unit"),
        (draft(line(sku="NO-SUCH")), Misconfigured, "erp.unmapped_item"),
        (draft(replace(line(), warehouse="RENO")), Rejected, "erp.not_writable"),
        (draft(line("A1")), Rejected, "erp.not_writable"),
        (draft(line("1234567")), Rejected, "erp.not_writable"),
        (draft(line("1"), line("01")), Rejected, "erp.not_writable"),
        (draft(order_key="X" * 36), Rejected, "erp.not_writable"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    tmp_path: pathlib.Path, wanted: object, error: type[Exception], code: str
) -> None:
    erp = connected(tmp_path)
    with pytest.raises(error) as caught:
        erp.advance_order(wanted, None)  # type: ignore[arg-type]
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert list((tmp_path / "out").iterdir()) == []


def test_once_written_never_again_and_other_content_is_a_conflict(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    erp.advance_order(WANTED, None)
    (tmp_path / "out" / "NL-7.idoc").unlink()
    assert erp.advance_order(WANTED, None).stage == "received"
    with pytest.raises(Conflict):
        erp.advance_order(draft(order_key="NL-7", content_hash="other"), None)
    with pytest.raises(Rejected) as caught:
        erp.request_cancel("NL-7", "by phone only")
    assert caught.value.code == "erp.cancel_not_offered"
    assert list((tmp_path / "out").iterdir()) == []
