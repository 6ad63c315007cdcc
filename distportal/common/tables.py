"""Rows of a file that people made with a spreadsheet: CSV or XLSX, told by its first bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from distportal.common.archives import BadArchive, check_archive
from distportal.common.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 50
_ZIP = b"PK\x03\x04"


class BadTable(Invalid):
    """The file cannot be read as a table; nothing was taken from it."""

    code = "bad_table"


def rows_of(content: bytes) -> list[list[str]]:
    """The rows with anything in them, as texts without white space around them. Raises BadTable with the reason."""
    if len(content) > MOST_BYTES:
        raise BadTable(
            _("The file has more than %(most)s MB; nothing was read. Import it in parts.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
    rows = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    if len(rows) > MOST_ROWS:
        raise BadTable(
            _("The file has more than %(most)s rows; nothing was read. Import it in parts.")
            % {"most": f"{MOST_ROWS:,}"}
        )
    return rows


def _csv(content: bytes) -> list[list[str]]:
    if b"\0" in content[:4096]:
        raise BadTable(_("The file is neither CSV nor XLSX; nothing was read. Save it as one of the two."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise BadTable(
            _("The file is no CSV that can be read: %(error)s. Nothing was read.") % {"error": error}
        ) from error
    return [[cell.strip() for cell in row[:MOST_COLUMNS]] for row in cells if any(cell.strip() for cell in row)]


def _workbook(content: bytes) -> list[list[str]]:
    try:
        check_archive(content, most_bytes=MOST_UNPACKED)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=True, nrows=MOST_ROWS + 2)
    except BadArchive as error:
        raise BadTable(
            _("The workbook cannot be read: %(error)s. Nothing was read.") % {"error": error.message.rstrip(".")}
        ) from error
    except (CalamineError, IndexError, ValueError) as error:
        raise BadTable(_("The workbook cannot be read: %(error)s. Nothing was read.") % {"error": error}) from error
    rows = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in found]
    return [row for row in rows if any(row)]


def _text(cell: object) -> str:
    """As the cell is seen: whole numbers without a fraction, days as ISO dates."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip()
