"""Rows out of what people paste and upload."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest

from distportal.common.tables import BadTable
from orders.process.quick.reading import TypedRow, quantity_of, read_table, read_text, unit_of

WORKBOOK = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>Qty</t></is></c><c r="B1" t="inlineStr"><is><t>Item no.</t></is></c></row>
<row r="2"><c r="A2"><v>24</v></c><c r="B2" t="inlineStr"><is><t>0012</t></is></c></row></sheetData></worksheet>"""


def workbook(sheet: str) -> bytes:
    """The least that spreadsheets call a workbook."""
    kept = io.BytesIO()
    main, relations = "http://schemas.openxmlformats.org", "application/vnd.openxmlformats-package.relationships+xml"
    office = f"{main}/officeDocument/2006/relationships"
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{main}/package/2006/content-types"><Default Extension="rels" ContentType="{relations}"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{office}"><sheets>'
            '<sheet name="Order" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("FST-10001 24", TypedRow("FST-10001", "24")),
        ("FST-10001\t24\tCS", TypedRow("FST-10001", "24", "CS")),
        ("FST-10001;24;case", TypedRow("FST-10001", "24", "case")),
        ("FST-10001,24", TypedRow("FST-10001", "24")),
        ("FST-10001, 24 cs", TypedRow("FST-10001", "24", "cs")),
        ("FST-10001,24,EA", TypedRow("FST-10001", "24", "EA")),
        ("FST 10001 24 each", TypedRow("FST 10001", "24", "each")),
        ("FST-10001 1,200", TypedRow("FST-10001", "1,200")),
        ("FST-10001 2 XX", TypedRow("FST-10001", "2", "XX")),
        ("FST 10001 2 XX", TypedRow("FST 10001", "2", "XX")),
        ("FST-10001 2 for Bob", TypedRow("FST-10001", "2", "for Bob")),
        ("FST-10001, 2 XX", TypedRow("FST-10001", "2", "XX")),
        ("hex bolt zinc", TypedRow("hex bolt zinc")),
        ("hex bolt M8 zinc", TypedRow("hex bolt M8 zinc")),
        ("hex bolt 40 mm zinc", TypedRow("hex bolt 40 mm zinc")),
        ("FST-10001", TypedRow("FST-10001")),
        ("0081234500012 12", TypedRow("0081234500012", "12")),
    ],
)
def test_a_line_is_a_code_a_quantity_and_a_unit(line: str, row: TypedRow) -> None:
    assert read_text(line) == [row]


def test_empty_lines_a_mark_and_a_heading_are_no_rows() -> None:
    assert read_text("\ufeffSKU\tQty\tUOM\r\n\r\nA-1\t2\tEA\r\n") == [TypedRow("A-1", "2", "EA", "pasted")]
    assert read_text(" \n\n") == []


def test_columns_are_found_by_their_names_in_any_order() -> None:
    rows = read_table("Qty;Your note;Item No.\n24;urgent;0012\n".encode("utf-8-sig"), name="list.csv")
    assert rows == [TypedRow("0012", "24", "", "list.csv row 2")]


def test_a_workbook_keeps_the_leading_zeros_of_text_cells() -> None:
    assert read_table(workbook(WORKBOOK), name="list.xlsx") == [TypedRow("0012", "24", "", "list.xlsx row 2")]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03", b"PK\x03\x04 and no workbook"])
def test_what_is_no_table_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(BadTable, match=r"CSV|cannot be read"):
        read_table(content, name="photo.csv")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("12.0", 12), (" 1,200 ", 1200), ("1,200.00", 1200), ("1000000", 1_000_000)]
    + [(bad, None) for bad in ("", "0", "-3", "1,5", "1.5", "1.200", "twelve", "12x", "1000001", "NaN", "1e3")],
)
def test_only_a_whole_number_above_zero_is_a_quantity(text: str, number: int | None) -> None:
    assert quantity_of(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(("text", "code"), [("cs", "CA"), ("Case", "CA"), ("each", "EA"), ("ea.", "EA"), ("xx", "XX")])
def test_units_are_known_by_code_and_name(text: str, code: str) -> None:
    assert unit_of(text) == code
