"""Bytes to rows of texts by a layout, and back. A row that cannot be cut up is told, its neighbours are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from distportal.systems.erp.csv_file.layouts import Column, Layout

_QUOTING: dict[str, Literal[0, 1, 3]] = {"minimal": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL, "none": csv.QUOTE_NONE}


@dataclass(frozen=True, slots=True)
class Cut:
    """One row: its line number in the file, the texts by field, or why it could not be cut up."""

    line: int
    texts: Mapping[str, str]
    raw: str
    trouble: str = ""


class BadFile(ValueError):
    """The file as a whole is not of the layout."""


def decoded(layout: Layout, content: bytes) -> str:
    """The text without a byte order mark. Raises BadFile for bytes that are not of the encoding."""
    try:
        return content.decode(layout.encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, ValueError) as error:
        raise BadFile(f"it is not {layout.encoding}: {error}") from error


def cut(layout: Layout, text: str) -> Iterator[Cut]:
    """The rows. Raises BadFile where the heading has not the columns of the layout."""
    yield from (_fixed(layout, text) if layout.format == "fixed" else _delimited(layout, text))


def heading(layout: Layout, text: str) -> str:
    """What stands above the first row, to be put above rows that are set aside."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[: layout.skip_lines + (1 if layout.header else 0)])


def _fixed(layout: Layout, text: str) -> Iterator[Cut]:
    first = layout.skip_lines + (1 if layout.header else 0)
    for number, line in enumerate(text.splitlines(), start=1):
        if number <= first or not line.strip():
            continue
        # right-trimmed lines are common: what is not there is blank
        texts = {c.field: _given(c, line[c.start - 1 : c.start - 1 + c.width].strip()) for c in layout.columns}
        yield Cut(number, texts, line + "\n")


def _delimited(layout: Layout, text: str) -> Iterator[Cut]:
    source = io.StringIO(text, newline="")
    for _ in range(layout.skip_lines):
        source.readline()
    kept = _Kept(source)
    reader = csv.reader(
        kept, delimiter=layout.separator, quotechar=layout.quote, quoting=_QUOTING[layout.quoting], strict=True
    )  # fmt: skip
    places: dict[str, int] | None = None
    while True:
        kept.raw = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Cut(reader.line_num + layout.skip_lines, {}, kept.raw, f"the row cannot be cut up: {error}")
            continue
        if places is None:
            places = _places(layout, cells)
            if layout.header:
                continue
        if any(cell.strip() for cell in cells):
            yield _row(layout, cells, places, reader.line_num + layout.skip_lines, kept.raw)


def _row(layout: Layout, cells: list[str], places: dict[str, int], line: int, raw: str) -> Cut:
    texts = {}
    for column in layout.columns:
        place = places.get(column.field, 0)
        if place > len(cells):
            return Cut(line, {}, raw, f"the row has {len(cells)} columns, {column.field} should be in column {place}")
        texts[column.field] = _given(column, cells[place - 1].strip() if place else "")
    return Cut(line, texts, raw)


def _places(layout: Layout, first: list[str]) -> dict[str, int]:
    names = {cell.strip().casefold(): n for n, cell in enumerate(first, start=1)} if layout.header else {}
    places, missing = {}, []
    for column in layout.columns:
        place = column.position or names.get(column.name.casefold(), 0)
        if not place and column.name:
            missing.append(column.name)
        places[column.field] = place
    if missing:
        raise BadFile(f"the heading has no {', '.join(missing)}; it has {', '.join(first)[:200]}")
    return places


def _given(column: Column, text: str) -> str:
    return column.values.get(text, text) or column.constant


class _Kept:
    """The lines of a source, with the raw text since it was last emptied."""

    def __init__(self, source: io.StringIO) -> None:
        self._source = source
        self.raw = ""

    def __iter__(self) -> _Kept:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.raw += line
        return line


def written(layout: Layout, rows: list[list[str]]) -> bytes:
    """The file of rows of texts, one for each column. Raises BadFile for what the layout cannot hold."""
    names = [[c.name or c.field for c in layout.columns]] if layout.header else []
    try:
        if layout.format == "fixed":
            text = "".join(_padded(layout, row) + layout.newline for row in rows)
        else:
            target = io.StringIO(newline="")
            csv.writer(
                target, delimiter=layout.separator, quotechar=layout.quote, quoting=_QUOTING[layout.quoting],
                lineterminator=layout.newline,
            ).writerows(names + rows)  # fmt: skip
            text = target.getvalue()
        return text.encode(layout.encoding)
    except (UnicodeEncodeError, csv.Error) as error:
        raise BadFile(str(error)) from error


def _padded(layout: Layout, row: list[str]) -> str:
    line: list[str] = []
    for column, text in zip(layout.columns, row, strict=True):
        if len(text) > column.width:
            raise BadFile(f"{text!r} is longer than the {column.width} characters of {column.field or column.name}")
        cell = (
            text.rjust(column.width, column.fill) if column.align == "right" else text.ljust(column.width, column.fill)
        )
        at = column.start - 1
        line += " " * (at + column.width - len(line))
        line[at : at + column.width] = cell
    return "".join(line)
