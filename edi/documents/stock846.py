"""846 inventory: an inquiry in, advices of stock out (X12 846)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import Address, ItemId
from edi.documents.items import items_of, pairs_of
from edi.documents.parties import party_segments
from edi.documents.references import vendor_segments
from edi.documents.values import Reader, day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements

MOST_LINES = 10_000
"""LIN may stand so often in one set."""
_INQUIRY = "PI"
"""BIA02 (X12 element 755): product availability inquiry."""


@dataclass(frozen=True, slots=True)
class StockFigure:
    """What is to be had of an item, in `unit`; `place` is a warehouse, or empty where all are meant.

    `note` stands for the item instead of figures that nobody has, such as an item we do not know.
    """

    items: tuple[ItemId, ...]
    unit: str
    available: Decimal
    on_hand: Decimal | None = None
    supply: Decimal = Decimal(0)
    supply_on: dt.date | None = None
    place: Address | None = None
    discontinued: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAdvice:
    """One advice: `number` is BIA03, an inquiry's own where it answers one; a delta is what changed since the last."""

    number: str
    at: dt.datetime
    figures: Sequence[StockFigure]
    delta: bool = False
    vendor_code: str = ""


@dataclass(frozen=True, slots=True)
class StockInquiry:
    """What a partner asks about: `number` is BIA03, `lines` are (line number, the item's names)."""

    number: str
    lines: tuple[tuple[str, tuple[ItemId, ...]], ...]


def read_846(tset: TransactionSet) -> StockInquiry:
    """The inquiry in one valid 846. Raises MappingError for one that asks nothing or is an advice, not an inquiry."""
    reader = Reader()
    number, seen = "", False
    lines: list[tuple[str, tuple[ItemId, ...]]] = []
    for position, segment in enumerate(tset.segments, 1):
        if segment.id == "BIA":
            seen = True
            number = reader.text(segment, position, 3, "reference of the inquiry")
            if segment.get(2).strip() != _INQUIRY:
                reader.problem("BIA", position, 2, f"It is no inquiry (BIA02 {segment.get(2)!r}, not {_INQUIRY}).")
        elif segment.id == "LIN":
            line_no = segment.get(1).strip() or str(len(lines) + 1)
            names = items_of(segment.elements[2:])
            if not names:
                reader.problem("LIN", position, 3, f"Line {line_no} names no item.")
            lines.append((line_no, names))
    if seen and not lines:
        reader.problem("LIN", len(tset.segments), 0, "The inquiry names no item (LIN).")
    if not seen:
        reader.problem("BIA", 2, 0, "The inquiry has no header (BIA).")
    if reader.problems:
        raise reader.failure()
    return StockInquiry(number, tuple(lines))


def write_846(advice: StockAdvice, *, release: str = "004010") -> list[Elements]:
    """The body of the 846, BIA to CTT: a line per item, or per item and warehouse. Quantities: 33 available, 17 on
    hand, 63 coming with its date, 29 both together (X12 element 673).

    Raises WriteError for no line, more lines than a set may have, or an item without a number.
    """
    if not advice.figures:
        raise WriteError("There is nothing to tell: an 846 needs a line.")
    if len(advice.figures) > MOST_LINES:
        raise WriteError(f"An 846 holds {MOST_LINES} lines, not {len(advice.figures)}; send it in parts.")
    purpose = "04" if advice.delta else "00"
    body: list[Elements] = [
        ["BIA", purpose, "SI", advice.number[:30], day_text(advice.at.date()), f"{advice.at:%H%M}"],
        ["DTM", "007", day_text(advice.at.date()), f"{advice.at:%H%M}"],
    ]
    body += vendor_segments(advice.vendor_code)
    for number, figure in enumerate(advice.figures, 1):
        body += _line(number, figure)
    return [*body, ["CTT", str(len(advice.figures))]]


def _line(number: int, figure: StockFigure) -> Iterable[Elements]:
    pairs = pairs_of(figure.items) or _as_asked(figure.items)
    if not pairs:
        raise WriteError(f"Line {number} has no item number that can be sent.")
    rows: list[Elements] = [["LIN", str(number), *pairs]]
    note = figure.note or ("DISCONTINUED" if figure.discontinued else "")
    if note:
        rows.append(["PID", "F", "", "", "", note[:80]])
    rows.append(_quantity("33", figure.available, figure.unit))
    if figure.on_hand is not None:
        rows.append(_quantity("17", figure.on_hand, figure.unit))
    if figure.supply > 0 and not figure.discontinued:
        rows.append(_quantity("63", figure.supply, figure.unit))
        if figure.supply_on is not None:
            rows.append(["DTM", "018", day_text(figure.supply_on)])
            rows.append(_quantity("29", figure.available + figure.supply, figure.unit))
            rows.append(["DTM", "018", day_text(figure.supply_on)])
    if figure.place is not None:
        rows += party_segments("WH", figure.place, code_qualifier="91")
    return rows


def _as_asked(items: Sequence[ItemId]) -> Elements:
    """The only names of an item that nobody knows here: what the partner wrote, as its own number."""
    return ["BP", items[0].value] if items else []


def _quantity(kind: str, quantity: Decimal, unit: str) -> Elements:
    return ["QTY", kind, number_text(quantity), unit]
