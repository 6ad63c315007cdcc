"""Walk through an 850 or 860 once and collect what stands where; the two differ only in their first segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from distportal.canonical.parts import Charge, Contact, Reference, Terms
from edi.documents.order_charges import charge_of
from edi.documents.order_contacts import contact_of
from edi.documents.order_lines import LineDraft, component_of, read_schedule, read_shares
from edi.documents.order_terms import carrier_of, terms_of
from edi.documents.parties import Party
from edi.documents.values import Reader
from edi.x12.tokens import Segment


class OrderWalk:
    """What one set says. `opener` is the segment that begins a line: PO1 or POC. Positions count from ST = 1."""

    def __init__(self, opener: str) -> None:
        self.reader = Reader()
        self.opener = opener
        self.head: tuple[Segment, int] | None = None
        self.currency, self.complete, self.sales_terms = "USD", False, ""
        self.freight_terms, self.carrier, self.transport = "", "", ""
        self.references: list[Reference] = []
        self.dates: dict[str, dt.date] = {}
        self.texts: list[str] = []
        self.notes: list[str] = []
        self.charges: list[Charge] = []
        self.terms: list[Terms] = []
        self.contacts: list[Contact] = []
        self.parties: list[Party] = []
        self.lines: list[LineDraft] = []
        self.totals: tuple[Segment, int] | None = None
        self._party: Party | None = None
        self._in_component = False
        self._given: set[str] = set()
        self._used: set[str] = set()

    def read(self, segments: Sequence[Segment], head: str) -> None:
        """Take every segment; `head` is the id of the first one, BEG or BCH."""
        self._given = {segment.get(1).strip() for segment in segments if segment.id == self.opener}
        for position, segment in enumerate(segments, 1):
            if segment.id == head:
                self.head = (segment, position)
            elif segment.id == self.opener:
                self._open_line(segment, position)
            elif segment.id in _HANDLERS:
                _HANDLERS[segment.id](self, segment, position)
        for line in self.lines:
            line.share_by_days()

    def note(self, text: str) -> None:
        """Something was odd or left out; said once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def line(self) -> LineDraft | None:
        """The line that is open."""
        return self.lines[-1] if self.lines else None

    def _open_line(self, segment: Segment, position: int) -> None:
        self._party, self._in_component = None, False
        line_no = segment.get(1).strip()
        if line_no and line_no in self._used:
            self.reader.problem(self.opener, position, 1, f"The line number {line_no!r} occurs twice.")
        line_no = line_no or self._free_number()
        self._used.add(line_no)
        self.lines.append(LineDraft(segment, position, line_no))

    def _free_number(self) -> str:
        """Our own number for a line without one: its place, or the next number that no line of the order uses."""
        taken = self._given | self._used
        return next(str(n) for n in count(len(self.lines) + 1) if str(n) not in taken)

    def on_cur(self, segment: Segment, position: int) -> None:
        """CUR02 of the header."""
        if not self.lines:
            self.currency = segment.get(2).strip() or "USD"

    def on_ref(self, segment: Segment, position: int) -> None:
        """References of the header and of lines; those of a place are its own."""
        value = (segment.get(2) or segment.get(3)).strip()
        if not value or self._party is not None or self._in_component:
            return
        found = Reference(qualifier=segment.get(1).strip(), value=value)
        (self.lines[-1].references if self.lines else self.references).append(found)

    def on_per(self, segment: Segment, position: int) -> None:
        """Contacts of the header and of its places."""
        if not self.lines:
            self.contacts.append(contact_of(segment, at=self._party.role if self._party else ""))

    def on_csh(self, segment: Segment, position: int) -> None:
        """CSH01 SC asks to ship complete (X12 element 563)."""
        if not self.lines:
            self.sales_terms = self.sales_terms or segment.get(1).strip()
            self.complete = self.complete or segment.get(1).strip() == "SC"

    def on_fob(self, segment: Segment, position: int) -> None:
        """FOB01 of the header: who pays the freight."""
        if not self.lines and self._party is None:
            self.freight_terms = self.freight_terms or segment.get(1).strip()

    def on_td5(self, segment: Segment, position: int) -> None:
        """TD5 of the header: carrier and kind of transport."""
        if not self.lines and self._party is None:
            self.carrier = self.carrier or carrier_of(segment)
            self.transport = self.transport or segment.get(4).strip()

    def on_itd(self, segment: Segment, position: int) -> None:
        """Payment terms of the header."""
        if not self.lines:
            self.terms.append(terms_of(self.reader, segment, position))

    def on_sac(self, segment: Segment, position: int) -> None:
        """Allowances and charges; those of a component are the line's price already."""
        charge = None if self._in_component else charge_of(self.reader, segment, position)
        if charge is not None:
            (self.lines[-1].charges if self.lines else self.charges).append(charge)

    def on_dtm(self, segment: Segment, position: int) -> None:
        """Dates by their code; the first of a code holds."""
        day = self.reader.day(segment, position, 2, "date")
        if day is not None and self._party is None and not self._in_component:
            (self.lines[-1].dates if self.lines else self.dates).setdefault(segment.get(1).strip(), day)

    def on_n1(self, segment: Segment, position: int) -> None:
        """A place; under a component it is not for us."""
        if self._in_component:
            return
        self._party = Party.start(segment, position, of_line=bool(self.lines))
        (self.lines[-1].places if self.lines else self.parties).append(self._party)

    def on_n3(self, segment: Segment, position: int) -> None:
        """A street."""
        if self._party is not None:
            self._party.street(segment)

    def on_n4(self, segment: Segment, position: int) -> None:
        """A town."""
        if self._party is not None:
            self._party.place(segment)

    def on_qty(self, segment: Segment, position: int) -> None:
        """How much of the line goes to the place that is open (QTY under N1 of a line)."""
        quantity = self.reader.number(segment, position, 2, "quantity")
        if self.lines and self._party is not None and self._party.role == "ST" and quantity:
            self.lines[-1].share(self._party.address.code or self._party.address.name, quantity, position)

    def on_sdq(self, segment: Segment, position: int) -> None:
        """Store quantities of a line."""
        if self.lines:
            read_shares(self.reader, self.lines[-1], segment, position)

    def on_sch(self, segment: Segment, position: int) -> None:
        """A day of the line, or of what of it goes to the place that is open."""
        if not self.lines or self._in_component:
            return
        party = self._party
        place = (party.address.code or party.address.name) if party is not None and party.role == "ST" else ""
        read_schedule(self.reader, self.lines[-1], segment, position, place)

    def on_sln(self, segment: Segment, position: int) -> None:
        """A component opens: what follows until the next line is about it."""
        component = component_of(self.reader, segment, position) if self.lines else None
        self._party, self._in_component = None, True
        if component is not None:
            self.lines[-1].components.append(component)

    def on_pid(self, segment: Segment, position: int) -> None:
        """A description of the line or of its open component."""
        line, text = self.line, segment.get(5).strip()
        if line is None or not text:
            return
        if self._in_component and line.components and not line.components[-1].description:
            line.components[-1] = replace(line.components[-1], description=text)
        elif not self._in_component:
            line.description = line.description or text

    def on_msg(self, segment: Segment, position: int) -> None:
        """A text (004010)."""
        self._remark(segment.get(1))

    def on_mtx(self, segment: Segment, position: int) -> None:
        """A text (005010)."""
        self._remark(" ".join(filter(None, (segment.get(2).strip(), segment.get(3).strip()))))

    def on_n9(self, segment: Segment, position: int) -> None:
        """A reference that texts follow."""
        self._party = None
        self._remark(segment.get(3))

    def on_ctt(self, segment: Segment, position: int) -> None:
        """The totals."""
        self.totals = (segment, position)

    def _remark(self, text: str) -> None:
        if text.strip():
            self.texts.append(f"Line {self.lines[-1].line_no}: {text.strip()}" if self.lines else text.strip())


_HANDLERS: dict[str, Callable[[OrderWalk, Segment, int], None]] = {
    "CUR": OrderWalk.on_cur,
    "REF": OrderWalk.on_ref,
    "PER": OrderWalk.on_per,
    "CSH": OrderWalk.on_csh,
    "FOB": OrderWalk.on_fob,
    "TD5": OrderWalk.on_td5,
    "ITD": OrderWalk.on_itd,
    "SAC": OrderWalk.on_sac,
    "DTM": OrderWalk.on_dtm,
    "N1": OrderWalk.on_n1,
    "N3": OrderWalk.on_n3,
    "N4": OrderWalk.on_n4,
    "QTY": OrderWalk.on_qty,
    "SDQ": OrderWalk.on_sdq,
    "SCH": OrderWalk.on_sch,
    "SLN": OrderWalk.on_sln,
    "N9": OrderWalk.on_n9,
    "MSG": OrderWalk.on_msg,
    "MTX": OrderWalk.on_mtx,
    "PID": OrderWalk.on_pid,
    "CTT": OrderWalk.on_ctt,
}
