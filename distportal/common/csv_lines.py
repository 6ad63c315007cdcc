"""Tables as CSV that a spreadsheet opens without running anything in it, line by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-\d+(\.\d+)?")


class _Line:
    """A file that hands back each line as it is written."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The heading and a line for each row; texts that a spreadsheet would take for formulas are made harmless."""
    writer = csv.writer(_Line())
    yield writer.writerow(heading)
    for row in rows:
        yield writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; a number below zero is none."""
    return f"'{text}" if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text) else text


def plain_cell(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text
