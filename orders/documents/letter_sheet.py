"""A letter as a paper: who writes, to whom, what it says, and the list of what it goes by."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from distportal.common.papers import latin

_EDGE, _LINE = 64.0, 14.0
_WIDTH, _HEIGHT = LETTER
_BODY, _BOLD = "Helvetica", "Helvetica-Bold"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSheet:
    """What stands on it. `facts` are label and value, `listed` the evidence, a line of text each."""

    to: Sequence[str]
    on: str
    subject: str
    facts: Sequence[tuple[str, str]]
    paragraphs: Sequence[str]
    listed: Sequence[str]


def render_letter(sheet: LetterSheet) -> bytes:
    """The PDF, the same bytes for the same letter; as many pages as it takes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LETTER, invariant=1)
    canvas.setTitle(latin(sheet.subject))
    y = _HEIGHT - _EDGE
    for font, size, text in _lines(sheet):
        if y < _EDGE:
            canvas.showPage()
            y = _HEIGHT - _EDGE
        canvas.setFont(font, size)
        canvas.drawString(_EDGE, y, text)
        y -= _LINE
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(sheet: LetterSheet) -> Iterator[tuple[str, float, str]]:
    yield _BOLD, 12, "Northline Supply"
    yield _BODY, 9, ""
    yield from _wrapped(sheet.to)
    yield from _wrapped(["", sheet.on, ""])
    yield from _wrapped([sheet.subject], font=_BOLD, size=12)
    yield from _wrapped(["", *(f"{label}: {value}" for label, value in sheet.facts), ""])
    for paragraph in sheet.paragraphs:
        yield from _wrapped([paragraph, ""])
    if sheet.listed:
        yield from _wrapped(["What this goes by"], font=_BOLD)
        yield from _wrapped([f"- {text}" for text in sheet.listed])


def _wrapped(texts: Sequence[str], *, font: str = _BODY, size: float = 10) -> Iterator[tuple[str, float, str]]:
    for text in texts:
        for line in simpleSplit(latin(text), font, size, _WIDTH - 2 * _EDGE) or [""]:
            yield font, size, line
