"""Papers with one table: a head, rows over as many pages as they need with the table's head on each, and sums."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from distportal.common.papers import latin

_EDGE, _ROW, _FOOT = 40.0, 14.0, 46.0
_WIDTH, _HEIGHT = LETTER
_HEAD = 96.0
"""What the head takes of a following page; the first page's grows with its facts."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its share of the width, and whether its cells are amounts, which stand to the right."""

    label: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One paper. `facts` stand beside each other above the table, `sums` below it, the last one in bold."""

    title: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    sums: Sequence[tuple[str, str]] = ()
    note: str = ""
    place: Sequence[str] = field(default_factory=tuple)

    def _pages(self) -> list[Sequence[Sequence[str]]]:
        """The rows of each page; sums never stand without a row above them where there is one."""
        left = list(self.rows)
        tail = len(self.sums) + (2 if self.note else 1)
        pages: list[Sequence[Sequence[str]]] = []
        room = self._room(first=True)
        while len(left) + tail > room:
            taken = min(len(left), room) - (1 if len(left) <= room and len(left) > 1 else 0)
            pages.append(left[:taken])
            left, room = left[taken:], self._room(first=False)
        return [*pages, left]

    def _room(self, *, first: bool) -> int:
        """How many rows fit, sums counted as rows."""
        head = _HEAD + (_first_head(self) if first else 0)
        return int((_HEIGHT - _EDGE - head - _FOOT) // _ROW)


def _first_head(sheet: Sheet) -> float:
    return 22.0 + 12.0 * max(len(sheet.place), (len(sheet.facts) + 1) // 2 * 2)


def render_sheets(sheets: Iterable[Sheet], *, title: str) -> bytes:
    """One PDF of them all, the same bytes for the same sheets; each begins on a page of its own and counts its own."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LETTER, invariant=1)
    canvas.setTitle(latin(title))
    for sheet in sheets:
        pages = sheet._pages()
        for n, rows in enumerate(pages, 1):
            _Page(canvas, sheet).draw(rows, n, len(pages))
            canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Page:
    def __init__(self, canvas: Canvas, sheet: Sheet) -> None:
        self._canvas, self._sheet = canvas, sheet
        width = _WIDTH - 2 * _EDGE
        total = sum(column.share for column in sheet.columns)
        self._lefts: list[float] = []
        self._widths = [width * column.share / total for column in sheet.columns]
        at = _EDGE
        for one in self._widths:
            self._lefts.append(at)
            at += one

    def draw(self, rows: Sequence[Sequence[str]], number: int, count: int) -> None:
        sheet, y = self._sheet, _HEIGHT - _EDGE
        self._text(_EDGE, y - 16, "Northline Supply", 11, bold=True)
        self._canvas.setFont("Helvetica-Bold", 15)
        self._canvas.drawRightString(_WIDTH - _EDGE, y - 18, latin(sheet.title))
        y -= 34
        if number == 1:
            y = self._facts(y)
        y = self._row(y - 12, [column.label for column in sheet.columns], bold=True)
        self._rule(y + 3)
        for row in rows:
            y = self._row(y - _ROW + 3, row) - 3
        if number == count:
            self._end(y)
        self._text(_EDGE, 24, sheet.title, 7)
        self._canvas.setFont("Helvetica", 7)
        self._canvas.drawRightString(
            _WIDTH - _EDGE, 24, _("Page %(number)s of %(count)s") % {"number": number, "count": count}
        )

    def _facts(self, y: float) -> float:
        for n, text in enumerate(self._sheet.place):
            self._text(_EDGE, y - 12 - 12 * n, text[:60], 9, bold=not n)
        for n, (label, value) in enumerate(self._sheet.facts):
            top = y - 12 - 24 * (n // 2)
            left = _EDGE + 290 + (n % 2) * 125
            self._text(left, top, label, 7)
            self._text(left, top - 10, value[:26], 9, bold=True)
        return y - _first_head(self._sheet)

    def _row(self, y: float, cells: Sequence[str], *, bold: bool = False) -> float:
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 8)
        for cell, column, left, width in zip(cells, self._sheet.columns, self._lefts, self._widths, strict=True):
            text = latin(cell)[: int(width / 3.9)]
            if column.right:
                self._canvas.drawRightString(left + width - 2, y, text)
            else:
                self._canvas.drawString(left, y, text)
        return y

    def _end(self, y: float) -> None:
        self._rule(y - 4)
        for n, (label, value) in enumerate(self._sheet.sums, 1):
            last = n == len(self._sheet.sums)
            y -= _ROW
            self._canvas.setFont("Helvetica-Bold" if last else "Helvetica", 9)
            self._canvas.drawRightString(_WIDTH - _EDGE - 110, y - 2, latin(label))
            self._canvas.drawRightString(_WIDTH - _EDGE - 2, y - 2, latin(value))
        if self._sheet.note:
            self._text(_EDGE, y - _ROW - 2, self._sheet.note, 8)

    def _text(self, x: float, y: float, text: str, size: int, *, bold: bool = False) -> None:
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(x, y, latin(text))

    def _rule(self, y: float) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.line(_EDGE, y, _WIDTH - _EDGE, y)
