"""The label that goes on goods that come back: the RMA number as text and as Code 128, on a page of 4 by 6 inches."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from distportal.common.papers import latin

_EDGE = 0.25 * inch
_LINES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLabel:
    """What stands on it; `contents` is a line of text per item."""

    rma: str
    sender: Sequence[str]
    receiver: Sequence[str]
    contents: Sequence[str]


def render_return_label(label: ReturnLabel) -> bytes:
    """The PDF, the same bytes for the same label."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(4 * inch, 6 * inch), invariant=1)
    canvas.setTitle(_("Return label %(rma)s") % {"rma": label.rma})
    top = _block(canvas, 5.75 * inch, _("FROM"), label.sender, size=8)
    top = _block(canvas, top, _("RETURN TO"), label.receiver, size=11)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(_EDGE, top - 0.35 * inch, label.rma)
    symbol = Code128(label.rma, barHeight=0.9 * inch, barWidth=0.018 * inch)
    symbol.drawOn(canvas, _EDGE - symbol.lquiet, top - 1.4 * inch)
    shown = list(label.contents[:_LINES_SHOWN])
    if len(label.contents) > _LINES_SHOWN:
        shown.append(_("and %(n)s more") % {"n": len(label.contents) - _LINES_SHOWN})
    _block(canvas, top - 1.55 * inch, _("CONTENTS"), shown, size=7)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _block(canvas: Canvas, top: float, title: str, lines: Sequence[str], *, size: int) -> float:
    """Draws the lines under their title; where the next block starts."""
    canvas.setFont("Helvetica", 6)
    canvas.drawString(_EDGE, top - 8, title)
    canvas.setFont("Helvetica-Bold", size)
    for at, line in enumerate(lines, 1):
        canvas.drawString(_EDGE, top - 10 - at * (size + 2), latin(line)[:48])
    return top - 18 - len(lines) * (size + 2)
