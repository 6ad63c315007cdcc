"""Rows out of pasted text and of spreadsheets: code, quantity, unit, whatever stands between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from distportal.common.tables import rows_of
from distportal.common.units import NAMES
from orders.process.drafts import MOST

_HEADINGS = {
    "code": {
        "code",
        "sku",
        "item",
        "itemcode",
        "itemnumber",
        "itemno",
        "part",
        "partnumber",
        "partno",
        "product",
        "upc",
    },
    "quantity": {"quantity", "qty", "count", "pieces", "pcs", "amount", "ordered"},
    "unit": {"unit", "uom", "unitofmeasure", "um", "per"},
}
_UNITS = {**{code: code for code in NAMES}, **{name.upper(): code for code, name in NAMES.items()}}
_UNITS |= {"EACH": "EA", "CS": "CA", "CASES": "CA", "BOXES": "BX", "PCS": "PC", "PIECES": "PC", "DOZ": "DZ"}
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.0+)?")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.0+)?")


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row in the words it came in; `origin` is the file and row, empty for what was typed."""

    code: str
    quantity: str = ""
    unit: str = ""
    origin: str = ""


def read_text(text: str) -> list[TypedRow]:
    """The rows of pasted text. Each line is a code, then a quantity, then a unit, parted by tabs, semicolons, commas or
    spaces; a code may have spaces of its own. Other words after the quantity stand where the unit does, so that the row
    can say what they are not. A line of headings is left out.
    """
    lines = [line for line in text.replace("\ufeff", "").splitlines() if line.strip()]
    cells = [_parted(line) for line in lines]
    return _rows(cells, lambda at: "pasted" if len(lines) > 1 else "")


def read_table(content: bytes, *, name: str) -> list[TypedRow]:
    """The rows of a CSV or XLSX file. Headings say which column is which; without them they are code, quantity, unit.

    Raises BadTable with what is wrong with the file.
    """
    return _rows(rows_of(content), lambda at: f"{name[:100]} row {at}")


def quantity_of(text: str) -> Decimal | None:
    """The whole number above zero that the text says, or None: "12", "12.0" and "1,200" are numbers, "1,5" is none."""
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"\d{1,7}(\.0{1,3})?", bare):
        return None
    number = Decimal(bare).quantize(Decimal(1))
    return number if 0 < number <= MOST else None


def unit_of(text: str) -> str:
    """The X12 code (element 355) of a unit by code or name; what nobody knows stays as it is, in capitals."""
    word = text.strip().upper().rstrip(".")
    return _UNITS.get(word, word)


def _parted(line: str) -> list[str]:
    for mark in ("\t", ";"):
        if mark in line:
            return [cell.strip().strip('"') for cell in line.split(mark)]
    if re.search(r",\s*\d|\d\s*,\s*[A-Za-z]", line) and not _ends_with_number(line):
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        return [cells[0], *_spaced(["", *cells[1].split()])[1:]] if len(cells) == 2 else cells
    return _spaced(line.split())


def _ends_with_number(line: str) -> bool:
    """`FST-10001 1,200`: the comma stands inside the quantity."""
    words = line.split()
    return len(words) > 1 and _THOUSANDS.fullmatch(words[-1]) is not None


def _spaced(words: Sequence[str]) -> list[str]:
    """Read from the end: a unit, a number before it, and all before that is the code. Where no number stands there, the
    second word may be the quantity, and what follows it is a remark.
    """
    rest, after = list(words), list[str]()
    if len(rest) > 2 and not _NUMBER.fullmatch(rest[-1]):
        at = next((at for at in (len(rest) - 2, 1) if _NUMBER.fullmatch(rest[at])), None)
        rest, after = (rest, after) if at is None else (rest[: at + 1], rest[at + 1 :])
    quantity = rest.pop() if len(rest) > 1 and _NUMBER.fullmatch(rest[-1]) else ""
    return [" ".join(rest), quantity, " ".join(after)]


def _rows(cells: Sequence[Sequence[str]], origin: Callable[[int], str]) -> list[TypedRow]:
    if not cells:
        return []
    columns = _columns(cells[0])
    start = 1 if columns else 0
    at = columns or {"code": 0, "quantity": 1, "unit": 2}
    found = (
        TypedRow(
            code=_cell(row, at["code"])[:80],
            quantity=_cell(row, at.get("quantity"))[:20],
            unit=_cell(row, at.get("unit"))[:20],
            origin=origin(number),
        )
        for number, row in enumerate(cells[start:], start + 1)
    )
    return [row for row in found if row.code or row.quantity]


def _columns(heading: Iterable[str]) -> dict[str, int]:
    """Which column holds what, by the words of the first row; empty where it is no heading."""
    words = [re.sub(r"[^a-z]", "", cell.lower()) for cell in heading]
    found: dict[str, int] = {}
    for at, word in enumerate(words):
        for meaning, names in _HEADINGS.items():
            if word in names:
                found.setdefault(meaning, at)
    return found if "code" in found else {}


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""
