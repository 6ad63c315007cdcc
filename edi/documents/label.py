"""GS1-128 shipping labels, one page per carton or pallet, as a PDF (GS1 logistic label, 4 by 6 inches)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from distportal.canonical.parts import Address
from distportal.common.papers import latin
from edi.documents.sscc import plain_sscc

PAGE = (4 * inch, 6 * inch)
_FNC1 = "\xf1"
"""What makes a Code 128 a GS1-128: the first symbol character (GS1 General Specifications 5.4)."""
_EDGE = 0.15 * inch
_QUIET = 0.25 * inch
"""Ten modules have to stay white on either side of a symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one label; `count` is such as "carton 3 of 12". `sscc` is an SSCC-18."""

    sscc: str
    count: str
    ship_from: Address
    ship_to: Address
    carrier: str = ""
    tracking_number: str = ""
    bill_of_lading: str = ""
    po_number: str = ""
    shipment_number: str = ""
    contents: str = ""


def render_labels(labels: Sequence[Label], *, title: str = "Shipping labels") -> bytes:
    """The PDF, the same bytes for the same labels. Raises WriteError for a code that is no SSCC-18."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1)
    canvas.setTitle(latin(title))
    for label in labels:
        _Page(canvas).draw(label)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Page:
    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._width, self._height = PAGE

    def draw(self, label: Label) -> None:
        middle = self._width / 2
        top = self._height - _EDGE
        self._block(_EDGE, top, "SHIP FROM", _place(label.ship_from), size=7)
        self._block(middle, top, "SHIP TO", _place(label.ship_to), size=8)
        self._rule(4.95 * inch)
        self._postcode(label, 4.95 * inch)
        carrier = [label.carrier or "-", f"PRO {label.tracking_number or '-'}", f"B/L {label.bill_of_lading or '-'}"]
        self._block(2.35 * inch, 4.90 * inch, "CARRIER", carrier, size=8)
        self._rule(3.75 * inch)
        order = [f"PO {label.po_number or '-'}", f"Shipment {label.shipment_number}", label.contents]
        self._block(_EDGE, 3.70 * inch, "ORDER", [text[:30] for text in order if text], size=11)
        self._block(2.75 * inch, 3.70 * inch, "COUNT", [label.count], size=9)
        self._rule(2.45 * inch)
        self._sscc(plain_sscc(label.sscc), 2.40 * inch)

    def _postcode(self, label: Label, top: float) -> None:
        """(420): the ship-to's postal code within one country."""
        code = "".join(c for c in label.ship_to.postcode.upper() if c.isascii() and c.isalnum())
        if label.ship_to.country in ("", "US"):
            code = code[:5]
        if not code:
            self._block(_EDGE, top - 0.05 * inch, "SHIP TO POSTAL CODE", ["not known"], size=8)
            return
        self._text(_EDGE, top - 0.16 * inch, "SHIP TO POSTAL CODE", 6, bold=True)
        self._text(_EDGE + _QUIET, top - 0.34 * inch, f"(420) {code}", 11)
        self._symbol(f"420{code}", _EDGE, top - 1.05 * inch, height=0.6 * inch, most=2.1 * inch)

    def _sscc(self, sscc: str, top: float) -> None:
        self._text(_EDGE, top - 0.12 * inch, "SSCC", 6, bold=True)
        self._symbol(f"00{sscc}", 0, 0.55 * inch, height=1.35 * inch, most=self._width)
        shown = f"(00) {sscc[0]} {sscc[1:8]} {sscc[8:17]} {sscc[17]}"
        self._canvas.setFont("Helvetica-Bold", 13)
        self._canvas.drawCentredString(self._width / 2, 0.27 * inch, shown)

    def _symbol(self, data: str, x: float, y: float, *, height: float, most: float) -> None:
        bars = Code128(_FNC1 + data, barHeight=height, barWidth=1.0, quiet=0, humanReadable=0)
        # 0.495 mm is the X-dimension GS1 wants for logistic labels; less where the symbol would be too wide.
        module = min(0.0195 * inch, (most - 2 * _QUIET) / bars.width)
        bars = Code128(_FNC1 + data, barHeight=height, barWidth=module, quiet=0, humanReadable=0)
        bars.drawOn(self._canvas, x + (most - bars.width) / 2 if x == 0 else x + _QUIET, y)

    def _block(self, x: float, top: float, head: str, lines: Sequence[str], *, size: int) -> None:
        self._text(x, top - 0.11 * inch, head, 6, bold=True)
        for row, line in enumerate(lines, 1):
            self._text(x, top - 0.11 * inch - row * size * 1.2, line, size)

    def _text(self, x: float, y: float, text: str, size: int, *, bold: bool = False) -> None:
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(x, y, latin(text)[:60])

    def _rule(self, y: float) -> None:
        self._canvas.setLineWidth(1)
        self._canvas.line(_EDGE, y, self._width - _EDGE, y)


def _place(address: Address) -> list[str]:
    last = " ".join(part for part in (address.city, address.region, address.postcode) if part)
    code = f"No. {address.code}" if address.code else ""
    parts = (address.name[:32], code, address.street[:32], address.street2[:32], last[:32])
    return [part for part in parts if part]
