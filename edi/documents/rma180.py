"""180 return merchandise authorization: a buyer's request in, our answer out (X12 180, 004010 and 005010)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from distportal.canonical.parts import ItemId
from distportal.canonical.returns import Return, ReturnLine
from edi.documents.items import items_of, pairs_of
from edi.documents.set_reader import SetReader
from edi.documents.values import day_text, number_text
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment

REQUESTS = frozenset({"00", "13"})
"""BGN01 (X12 element 353): original and request; anything else is for a person."""
_INVOICE = frozenset({"IV", "IK", "OI"})
_WISHES = {"KR": "repair"}
"""RDR01 (X12 element 1292) that asks for something else than a credit."""
_TOO_MANY = 10**9
RMA = "RZ"
"""X12 element 128: returned goods authorization number."""


@dataclass(slots=True)
class _Line:
    segment: Segment
    position: int
    rdr: Segment | None = None
    invoice: str = ""
    po_number: str = ""
    line_no: str = ""
    texts: list[str] = field(default_factory=list)


def read_180(tset: TransactionSet, *, account: str) -> Return:
    """The canonical request of a valid 180; `account` is our code of its sender.

    What the head says (reason, invoice, PO) holds for each item that says nothing else. Raises MappingError with every
    value that could not be read, and for a set that is no request.
    """
    return _Request(account).read(tset.segments)


class _Request(SetReader[Return]):
    def __init__(self, account: str) -> None:
        super().__init__(account)
        self._bgn: tuple[Segment, int] | None = None
        self._head = _Line(Segment(["BGN"], 0, 0), 0)
        self._lines: list[_Line] = []

    def take(self, segment: Segment, position: int) -> None:
        at = self._lines[-1] if self._lines else self._head
        if segment.id == "BGN":
            self._bgn = (segment, position)
        elif segment.id == "BLI":
            self._lines.append(_Line(segment, position))
        elif segment.id == "RDR":
            at.rdr = segment
        elif segment.id == "PRF":
            at.po_number = segment.get(1).strip()
        elif segment.id == "NTE" and segment.get(2).strip():
            at.texts.append(segment.get(2).strip())
        elif segment.id == "N9":
            self._reference(at, segment)

    def _reference(self, at: _Line, segment: Segment) -> None:
        kind, number = segment.get(1).strip(), segment.get(2).strip()
        if kind in _INVOICE:
            at.invoice = number
        elif kind == "PO":
            at.po_number = at.po_number or number
        elif kind == "LI":
            at.line_no = number

    def made(self) -> Return | None:
        if self._bgn is None:
            self._reader.problem("BGN", 2, 0, "The request has no BGN segment, so no number and date.")
            return None
        bgn, at = self._bgn
        if bgn.get(1) not in REQUESTS:
            told = f"The purpose {bgn.get(1)!r} is no request for a return (00 or 13). Do by hand what it asks."
            self._reader.problem("BGN", at, 1, told)
        reference = self._reader.text(bgn, at, 2, "number of the request")
        requested_on = self._reader.day(bgn, at, 3, "date of the request")
        lines = [self._line(row, n) for n, row in enumerate(self._lines, 1)]
        if not lines:
            self._reader.problem("BLI", at, 0, "The request names no item (BLI).")
        if requested_on is None or self._reader.problems:
            return None
        return Return(
            channel="edi",
            account=self._account,
            requested_on=requested_on,
            lines=tuple(line for line in lines if line is not None),
            reference=reference,
            notes=tuple(self._head.texts),
        )

    def _line(self, row: _Line, number: int) -> ReturnLine | None:
        segment, at, head = row.segment, row.position, self._head
        quantity = self._reader.number(segment, at, 3, "quantity")
        if quantity is None and not segment.get(3).strip():
            self._reader.problem("BLI", at, 3, "The quantity is missing.")
        elif quantity is not None and quantity <= 0:
            self._reader.problem("BLI", at, 3, f"The quantity {segment.get(3)!r} is not above zero.")
        elif quantity is not None and quantity >= _TOO_MANY:
            self._reader.problem("BLI", at, 3, f"The quantity {segment.get(3)!r} is more than anybody ever bought.")
        items = items_of([*segment.elements[1:3], *segment.elements[8:14]])
        if not items:
            self._reader.problem("BLI", at, 2, "The line names no item.")
        if quantity is None:
            return None
        rdr = row.rdr or head.rdr
        words = rdr.get(4).strip() if rdr else ""
        return ReturnLine(
            invoice_number=row.invoice or head.invoice,
            order_line_no="",
            items=items,
            quantity=quantity,
            unit=segment.get(4).strip() or "EA",
            reason=rdr.get(2).strip() if rdr else "",
            wish="repair" if rdr and _WISHES.get(rdr.get(1).strip()) else "credit",
            po_number=row.po_number or head.po_number,
            line_no=row.line_no or str(number),
            note="; ".join([*filter(None, [words]), *row.texts])[:300],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """One item of the request: `disposition` is RDR01 (RA, RD, PA …), `answer` RDR03 for what is not approved."""

    line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    disposition: str
    answer: str = ""
    words: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnswer:
    """Our answer to one request; `number` is the RMA number, "" where nothing may come back."""

    reference: str
    answered_on: dt.date
    lines: tuple[AnsweredLine, ...]
    number: str = ""
    po_number: str = ""


def write_180(answer: ReturnAnswer) -> list[Elements]:
    """The body of the answer, BGN (11: response) to the last item. BLI03 is what may come back, 0 for nothing."""
    body: list[Elements] = [["BGN", "11", answer.number or answer.reference, day_text(answer.answered_on)]]
    body[0] += ["", "", answer.reference]
    if answer.po_number:
        body.append(["PRF", answer.po_number])
    if answer.number:
        body.append(["N9", RMA, answer.number])
    for line in answer.lines:
        # A number by which only the buyer knows the item goes back as mutually defined.
        pairs = pairs_of(line.items, most=4) or [word for one in line.items[:1] for word in ("ZZ", one.value)]
        bli = ["BLI", *pairs[:2], number_text(line.quantity), line.unit, "", "", "", *pairs[2:]]
        body.append(bli)
        if line.line_no:
            body.append(["N9", "LI", line.line_no])
        if line.invoice_number:
            body.append(["N9", "IV", line.invoice_number])
        body.append(["RDR", line.disposition, "", line.answer, line.words[:80]])
    return body
