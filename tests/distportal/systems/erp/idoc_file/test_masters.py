"""MATMAS and COND_A: items and prices, by the names of XML and by declared keys of flat files."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest

from distportal.systems.connections import read_settings
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.port import FeedKind
from distportal.systems.errors import Misconfigured
from tests.distportal.systems.erp.idoc_file.sap import SETTINGS, connected, control, data, drop


def payloads(erp: FileErp, kind: FeedKind) -> list[dict[str, Any]]:
    return [dict(change.payload) for change in erp.changes(kind, None, 500).changes]


def material(made: str, *, flag: str = "", text: str = "Ball valve") -> tuple[str, ...]:
    return (
        control("MATMAS", "MATMAS05", made),
        data("E2MARAM005", (0, "005"), (3, "30"), (76, flag), (82, "PLUMBING"), (109, "PCE")),
        data("E2MAKTM001", (0, "005"), (3, "D"), (4, "Kugelhahn"), (44, "DE")),
        data("E2MAKTM001", (0, "005"), (3, "E"), (4, text), (44, "EN")),
        data("E2MARMM002", (0, "005"), (3, "PCE"), (6, "1"), (11, "1"), (29, "0614141000012")),
        data("E2MARMM002", (0, "005"), (3, "CT"), (6, "12"), (11, "1")),
    )


def test_a_material_is_an_item_with_its_pack(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    drop(tmp_path, "m1.idoc", *material("20261125101500"))
    [item] = payloads(erp, "item")
    wanted = {
        "sku": "PLB-30001", "erp_code": "30", "name": "Ball valve", "family": "PLUMBING", "upc": "0614141000012",
        "base_unit": "EA", "pack_unit": "CA", "pack_size": "12", "status": "active",
    }  # fmt: skip
    assert {name: item[name] for name in wanted} == wanted


def test_an_older_material_never_overwrites_a_newer_one(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path, items={})
    drop(tmp_path, "m1.idoc", *material("20261125101500", flag="X"))
    drop(tmp_path, "m2.idoc", *material("20261125091500", text="Old name"))
    assert [(i["name"], i["status"]) for i in payloads(erp, "item")] == [("Ball valve", "discontinued")]
    drop(tmp_path, "m3.idoc", *material("20261126091500", text="New name"))
    assert [(i["name"], i["status"]) for i in payloads(erp, "item")] == [("New name", "active")]


def condition(per: str = "PCE", kind: str = "PR00", table: str = "305") -> str:
    return f"""<COND_A04><IDOC BEGIN="1">
    <EDI_DC40><DOCNUM>5</DOCNUM><MESTYP>COND_A</MESTYP><CREDAT>20261125</CREDAT><CRETIM>101500</CRETIM></EDI_DC40>
    <E1KOMG><KOTABNR>{table}</KOTABNR><KSCHL>{kind}</KSCHL><KUNNR>0001000001</KUNNR><MATNR>TG31</MATNR>
     <E1KONH><DATAB>20260101</DATAB><DATBI>99991231</DATBI>
      <E1KONP><KSCHL>{kind}</KSCHL><KBETR>880.00</KBETR><KONWA>USD</KONWA><KPEIN>100</KPEIN><KMEIN>{per}</KMEIN>
       <E1KONM><KSTBM>1</KSTBM><KBETR>880.00</KBETR></E1KONM><E1KONM><KSTBM>12</KSTBM><KBETR>770.00</KBETR></E1KONM>
      </E1KONP></E1KONH></E1KOMG></IDOC></COND_A04>"""


def test_a_condition_with_a_scale_is_a_ladder(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    (tmp_path / "in" / "c1.xml").write_text(condition(), encoding="utf-8")
    rungs = payloads(erp, "price")
    assert [(r["sku"], r["account"], r["min_quantity"], r["unit_price"]) for r in rungs] == [
        ("HTL-40001", "HARBOR", "1", "8.8"), ("HTL-40001", "HARBOR", "12", "7.7"),
    ]  # fmt: skip
    assert {(r["valid_from"], r["valid_until"], r["currency"]) for r in rungs} == {("2026-01-01", None, "USD")}
    assert [len(page) for page in erp.snapshot("price", {"account": "HARBOR"})] == [2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (condition(per="CT"), "the price is per CA; prices are kept per base unit (price_units)"),
        (condition(kind="RA01"), "the condition RA01 is none of price_conditions"),
        (
            condition().replace("0001000001", "0009999999"),
            "customer '0009999999' is not mapped: map it under Code mappings, or add it to customers",
        ),
    ],
)
def test_a_price_that_could_be_misread_is_set_aside(tmp_path: pathlib.Path, content: str, reason: str) -> None:
    erp = connected(tmp_path)
    (tmp_path / "in" / "c1.xml").write_text(content, encoding="utf-8")
    assert payloads(erp, "price") == []
    [told] = (tmp_path / "quarantine").glob("*.why.txt")
    assert reason in told.read_text("utf-8")


def test_a_flat_conditions_key_is_cut_as_declared(tmp_path: pathlib.Path) -> None:
    lines = (
        control("COND_A", "COND_A04"),
        data("E2KOMG003", (0, "A"), (1, "304"), (4, "V"), (6, "PR00"), (10, "171010TG31")),
        data("E2KONH001", (0, "20260101"), (8, "20261231")),
        data("E2KONP002", (0, "PR00"), (64, "13.05"), (80, "USD"), (85, "1"), (90, "PCE")),
    )  # fmt: skip
    drop_in = connected(tmp_path, price_keys={"304": "VKORG:0+4 VTWEG:4+2 MATNR:6+18"})
    drop(tmp_path, "c1.idoc", *lines)
    [rung] = payloads(drop_in, "price")
    assert (rung["sku"], rung["account"], rung["unit_price"], rung["valid_until"]) == (
        "HTL-40001", "", "13.05", "2026-12-31",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sender": "PORTAL"}, "not enough values"),
        ({"sender": "A-PORT-TOO-LONG/KU/1"}, "not PORT/KU/NUMBER"),
        ({"segments": {"E1EDL24": "POSNR"}}, "not of the form NAME:offset+length"),
        ({"encoding": "ebcdic-9"}, "unknown encoding"),
        ({"form": "json"}, "json"),
    ],
)
def test_a_slip_in_the_settings_is_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_settings("idoc_file", {**SETTINGS, "folder": "/srv/sap", **changes})
    assert told in caught.value.message
