"""Tables of mappings as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distportal.systems.mapping.importing import PlannedRow
    from distportal.systems.mapping.models import CrossReference

COLUMNS = ("scope", "kind", "theirs", "ours", "valid_from", "valid_until", "reason")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that hands back each line as it is written."""

    def write(self, text: str) -> str:
        return text


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def plain_cell(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


def csv_lines(rows: Iterable[CrossReference]) -> Iterator[str]:
    """The heading and a line for each row, as an import takes them; counts behind."""
    writer = csv.writer(_Line())
    yield writer.writerow([*COLUMNS, "hits", "last_used_at", "changed_by"])
    for row in rows:
        texts = [str(getattr(row, name) or "") for name in COLUMNS]
        used = row.last_used_at.isoformat() if row.last_used_at else ""
        yield writer.writerow([*map(safe_cell, texts), row.hits, used, safe_cell(row.changed_by)])


def problem_lines(rows: Iterable[PlannedRow]) -> Iterator[str]:
    """Each wrong row with its line and what is wrong, its cells behind."""
    writer = csv.writer(_Line())
    yield writer.writerow(["line", "problem", "row as it came"])
    for row in rows:
        yield writer.writerow([row.line, safe_cell(row.problem), *map(safe_cell, row.cells)])
