"""850 purchase order -> canonical order (X12 850, 004010 and 005010)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from distportal.canonical.orders import Channel, Order, OrderLine, Purpose
from distportal.canonical.parts import Reference
from edi.documents.items import items_of
from edi.documents.parties import Party
from edi.documents.values import Reader
from edi.x12.errors import MappingError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

PURPOSES: dict[str, Purpose] = {
    "00": "original",
    "01": "cancellation",
    "04": "change",
    "05": "replace",
    "06": "confirmation",
}
"""BEG01 -> purpose; any other code is told as a problem."""

_PER_UNITS: dict[str, int] = {"HP": 100, "TP": 1000}
"""PO105: the price is per hundred or per thousand units."""
_REQUESTED = ("002", "010", "106")
_CANCEL_AFTER = ("001", "061", "038")
_NOTED = {
    "ITD": "Payment terms (ITD) were not read; the terms on file hold.",
    "SAC": "An allowance or charge (SAC) was not read.",
    "SCH": "A delivery schedule (SCH) was not read; the requested date of the line holds.",
    "SLN": "Components of a line (SLN) were not read.",
}
_REFUSED = {"SDQ": "The line is split over stores (SDQ). Ask for one order per store, or key it by hand."}


@dataclass(frozen=True, slots=True)
class Mapped850:
    """The order, where each line stood (line number -> segment position, ST is 1), and what was left out or odd."""

    order: Order
    sources: dict[str, int]
    notes: list[str]


def read_850(tset: TransactionSet, *, account: str, channel: Channel = "edi") -> Mapped850:
    """The canonical order of a valid 850. `account` is our code of the buyer.

    Raises MappingError with every value that could not be read.
    """
    return _PurchaseOrder(account, channel).read(tset.segments)


@dataclass(slots=True)
class _Line:
    segment: Segment
    position: int
    line_no: str
    description: str = ""
    requested_on: dt.date | None = None


class _PurchaseOrder:
    def __init__(self, account: str, channel: Channel) -> None:
        self._reader = Reader()
        self._account, self._channel = account, channel
        self._beg: tuple[Segment, int] | None = None
        self._currency, self._complete = "USD", False
        self._references: list[Reference] = []
        self._dates: dict[str, dt.date] = {}
        self._texts: list[str] = []
        self._notes: list[str] = []
        self._parties: list[Party] = []
        self._party: Party | None = None
        self._lines: list[_Line] = []
        self._counted = ""
        self._given: set[str] = set()

    def read(self, segments: list[Segment]) -> Mapped850:
        self._given = {segment.get(1).strip() for segment in segments if segment.id == "PO1"}
        for position, segment in enumerate(segments, 1):
            if segment.id in _NOTED and _NOTED[segment.id] not in self._notes:
                self._notes.append(_NOTED[segment.id])
            if segment.id in _REFUSED:
                self._reader.problem(segment.id, position, 0, _REFUSED[segment.id])
            handler = _HANDLERS.get(segment.id)
            if handler is not None:
                handler(self, segment, position)
        order = self._order()
        if order is None or self._reader.problems:
            raise MappingError(tuple(sorted(self._reader.problems, key=lambda p: (p.position, p.element))))
        sources = {line.line_no: row.position for line, row in zip(order.lines, self._lines, strict=True)}
        return Mapped850(order, sources, self._notes)

    def on_beg(self, segment: Segment, position: int) -> None:
        self._beg = (segment, position)

    def on_cur(self, segment: Segment, position: int) -> None:
        if not self._lines:
            self._currency = segment.get(2).strip() or "USD"

    def on_ref(self, segment: Segment, position: int) -> None:
        value = (segment.get(2) or segment.get(3)).strip()
        if value and not self._lines and self._party is None:
            self._references.append(Reference(qualifier=segment.get(1).strip(), value=value))

    def on_csh(self, segment: Segment, position: int) -> None:
        """CSH01 SC asks to ship complete (X12 element 563)."""
        self._complete = self._complete or (segment.get(1) == "SC" and not self._lines)

    def on_dtm(self, segment: Segment, position: int) -> None:
        day = self._reader.day(segment, position, 2, "date")
        if day is None:
            return
        if not self._lines:
            self._dates.setdefault(segment.get(1), day)
        elif segment.get(1) in _REQUESTED and self._lines[-1].requested_on is None:
            self._lines[-1].requested_on = day

    def on_n1(self, segment: Segment, position: int) -> None:
        self._party = Party.start(segment, position, of_line=bool(self._lines))
        self._parties.append(self._party)

    def on_n3(self, segment: Segment, position: int) -> None:
        if self._party is not None:
            self._party.street(segment)

    def on_n4(self, segment: Segment, position: int) -> None:
        if self._party is not None:
            self._party.place(segment)

    def on_po1(self, segment: Segment, position: int) -> None:
        self._party = None
        line_no = segment.get(1).strip()
        if line_no and any(line.line_no == line_no for line in self._lines):
            self._reader.problem("PO1", position, 1, f"The line number {line_no!r} occurs twice.")
        self._lines.append(_Line(segment, position, line_no or self._free_number()))

    def _free_number(self) -> str:
        """Our own number for a line without one: its place, or the next number that no line of the order uses."""
        used = self._given | {line.line_no for line in self._lines}
        return next(str(n) for n in count(len(self._lines) + 1) if str(n) not in used)

    def on_pid(self, segment: Segment, position: int) -> None:
        if self._lines and not self._lines[-1].description:
            self._lines[-1].description = segment.get(5).strip()

    def on_msg(self, segment: Segment, position: int) -> None:
        self._remark(segment.get(1))

    def on_mtx(self, segment: Segment, position: int) -> None:
        self._remark(" ".join(filter(None, (segment.get(2).strip(), segment.get(3).strip()))))

    def on_n9(self, segment: Segment, position: int) -> None:
        self._party = None
        self._remark(segment.get(3))

    def on_ctt(self, segment: Segment, position: int) -> None:
        self._counted = segment.get(1).strip()

    def _remark(self, text: str) -> None:
        if text.strip():
            self._texts.append(f"Line {self._lines[-1].line_no}: {text.strip()}" if self._lines else text.strip())

    def _order(self) -> Order | None:
        if self._beg is None:
            self._reader.problem("BEG", 2, 0, "The order has no BEG segment, so no number and date.")
            return None
        beg, at = self._beg
        purpose = PURPOSES.get(beg.get(1))
        if purpose is None:
            self._reader.problem("BEG", at, 1, f"The purpose {beg.get(1)!r} of an order is not known here.")
        po_number = self._reader.text(beg, at, 3, "purchase order number")
        ordered_on = self._reader.day(beg, at, 5, "order date")
        if ordered_on is None and not beg.get(5).strip():
            self._reader.problem("BEG", at, 5, "The order date is missing.")
        lines = tuple(line for line in map(self._line, self._lines) if line is not None)
        ship_to = self._ship_to()
        if not self._lines:
            self._reader.problem("PO1", at, 0, "The order has no lines.")
        if self._counted and self._counted.lstrip("0") != str(len(self._lines)):
            self._notes.append(f"CTT01 counts {self._counted} lines, {len(self._lines)} came.")
        if purpose is None or ordered_on is None or ship_to is None or self._reader.problems:
            return None
        return Order(
            channel=self._channel,
            account=self._account,
            po_number=po_number,
            ordered_on=ordered_on,
            ship_to=ship_to.address,
            lines=lines,
            currency=self._currency,
            purpose=purpose,
            order_type=beg.get(2) or "SA",
            requested_on=self._first(_REQUESTED),
            ship_not_before=self._dates.get("037"),
            cancel_after=self._first(_CANCEL_AFTER),
            ship_complete=self._complete,
            references=tuple(dict.fromkeys(self._references)),
            notes=tuple(self._texts),
        )

    def _first(self, codes: tuple[str, ...]) -> dt.date | None:
        return next((self._dates[code] for code in codes if code in self._dates), None)

    def _ship_to(self) -> Party | None:
        places = [p for p in self._parties if p.role == "ST"] or [p for p in self._parties if p.role in ("BS", "BY")]
        if not places:
            at = self._beg[1] if self._beg else 1
            self._reader.problem("N1", at, 0, "The order names no ship-to (N1*ST).")
            return None
        for other in places[1:]:
            if other.address != places[0].address and other.role == "ST":
                sentence = "The order goes to more than one ship-to. Ask for one order per ship-to, or key it by hand."
                self._reader.problem("N1", other.position, 4, sentence)
        return places[0]

    def _line(self, row: _Line) -> OrderLine | None:
        segment, at, before = row.segment, row.position, len(self._reader.problems)
        quantity = self._reader.number(segment, at, 2, "quantity")
        if quantity is None and not segment.get(2).strip():
            self._reader.problem("PO1", at, 2, "The quantity is missing.")
        if quantity is not None and quantity <= 0:
            self._reader.problem("PO1", at, 2, f"The quantity {segment.get(2)!r} is not above zero.")
        unit = self._reader.text(segment, at, 3, "unit")
        price = self._reader.number(segment, at, 4, "price")
        if price is not None and price < 0:
            self._reader.problem("PO1", at, 4, f"The price {segment.get(4)!r} is below zero.")
        items = items_of(segment.elements[6:])
        if not items:
            self._reader.problem("PO1", at, 6, "The line names no item.")
        if quantity is None or len(self._reader.problems) > before:
            return None
        return OrderLine(
            line_no=row.line_no,
            items=items,
            quantity=quantity,
            unit=unit,
            unit_price=_per_unit(price, segment.get(5)),
            description=row.description,
            requested_on=row.requested_on,
        )


def _per_unit(price: Decimal | None, basis: str) -> Decimal | None:
    return None if price is None else price / _PER_UNITS.get(basis, 1)


_HANDLERS = {
    "BEG": _PurchaseOrder.on_beg,
    "CUR": _PurchaseOrder.on_cur,
    "REF": _PurchaseOrder.on_ref,
    "CSH": _PurchaseOrder.on_csh,
    "DTM": _PurchaseOrder.on_dtm,
    "N1": _PurchaseOrder.on_n1,
    "N3": _PurchaseOrder.on_n3,
    "N4": _PurchaseOrder.on_n4,
    "N9": _PurchaseOrder.on_n9,
    "MSG": _PurchaseOrder.on_msg,
    "MTX": _PurchaseOrder.on_mtx,
    "PO1": _PurchaseOrder.on_po1,
    "PID": _PurchaseOrder.on_pid,
    "CTT": _PurchaseOrder.on_ctt,
}
