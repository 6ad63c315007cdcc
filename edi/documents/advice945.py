"""945 warehouse shipping advice -> what a warehouse says it shipped (X12 945)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

from distportal.canonical.warehouse import AdvisedLine, WarehouseShipment
from edi.documents.sscc import plain_sscc
from edi.documents.values import Reader
from edi.documents.warehouse_lines import items_at
from edi.x12.errors import WriteError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

_PAIRS = (7, 17, 21)
_SSCC = ("GM", "AA")
"""MAN01: an SSCC-18 with its identifier 00, and one without."""
_ENDS = frozenset({"D"})
"""W0601 codes that take an advice back; a person has to look at what left."""


@dataclass(slots=True)
class _Advice:
    reader: Reader = field(default_factory=Reader)
    header: tuple[Segment, int] | None = None
    shipped_on: dt.date | None = None
    references: dict[str, str] = field(default_factory=dict)
    carrier: str = ""
    weight: Decimal | None = None
    sscc: str = ""
    lines: list[AdvisedLine] = field(default_factory=list)


def read_945(tset: TransactionSet) -> WarehouseShipment:
    """The departure in one valid 945. Raises MappingError with every value that could not be read."""
    found = _Advice()
    for position, segment in enumerate(tset.segments, 1):
        handler = _HANDLERS.get(segment.id)
        if handler is not None:
            handler(found, segment, position)
    shipment = _shipment(found, len(tset.segments))
    if shipment is None or found.reader.problems:
        raise found.reader.failure()
    return shipment


def _shipment(found: _Advice, end: int) -> WarehouseShipment | None:
    if found.header is None:
        found.reader.problem("W06", 2, 0, "The advice has no header (W06).")
        return None
    head, at = found.header
    order_number = found.reader.text(head, at, 2, "number of our order (depositor order number)")
    day = found.reader.day(head, at, 3, "date") or found.shipped_on
    if head.get(1) in _ENDS:
        found.reader.problem("W06", at, 1, f"The advice takes an earlier one back (W0601 {head.get(1)}).")
    if day is None:
        found.reader.problem("W06", at, 3, "The date of shipping is missing.")
    if not found.lines:
        found.reader.problem("W12", end, 0, "The advice has no lines (W12).")
    if day is None:
        return None
    bill = found.references.get("BM", "") or head.get(4).strip()
    return WarehouseShipment(
        number=head.get(5).strip() or head.get(4).strip() or bill or f"{day:%Y%m%d}",
        order_number=order_number,
        shipped_on=day,
        lines=tuple(found.lines),
        po_number=head.get(6).strip(),
        carrier=found.carrier,
        tracking_number=found.references.get("CN", "") or found.references.get("2I", ""),
        bill_of_lading=bill,
        weight_lb=found.weight,
    )


def _on_w06(found: _Advice, segment: Segment, position: int) -> None:
    found.header = (segment, position)


def _on_n9(found: _Advice, segment: Segment, position: int) -> None:
    code, value = segment.get(1).strip(), segment.get(2).strip()
    if not found.lines:
        found.references.setdefault(code, value)
    elif code == "LI":
        found.lines[-1] = replace(found.lines[-1], line_no=value)
    elif code == "LT":
        found.lines[-1] = replace(found.lines[-1], lot=value)


def _on_g62(found: _Advice, segment: Segment, position: int) -> None:
    if segment.get(1) == "11" and not found.lines:
        found.shipped_on = found.reader.day(segment, position, 2, "date of shipping")


def _on_w27(found: _Advice, segment: Segment, position: int) -> None:
    if not found.lines:
        found.carrier = segment.get(2).strip() or segment.get(3).strip()


def _on_lx(found: _Advice, segment: Segment, position: int) -> None:
    found.sscc = ""


def _on_man(found: _Advice, segment: Segment, position: int) -> None:
    if segment.get(1) in _SSCC:
        try:
            found.sscc = plain_sscc(segment.get(2))
        except WriteError as error:
            found.reader.problem("MAN", position, 2, str(error))


def _on_w12(found: _Advice, segment: Segment, position: int) -> None:
    reader = found.reader
    ordered = reader.number(segment, position, 2, "quantity ordered")
    shipped = reader.number(segment, position, 3, "quantity shipped")
    items = items_at(segment, _PAIRS, upc_at=6)
    if not items:
        reader.problem("W12", position, 8, "The line names no item.")
    unit = reader.text(segment, position, 5, "unit")
    found.lines.append(
        AdvisedLine(
            items=items,
            quantity=Decimal(0) if shipped is None else shipped,
            unit=unit,
            ordered=ordered,
            status=segment.get(1).strip(),
            lot=segment.get(9).strip(),
            sscc=found.sscc,
        )
    )


def _on_w03(found: _Advice, segment: Segment, position: int) -> None:
    if segment.get(3) in ("LB", ""):
        found.weight = found.reader.number(segment, position, 2, "weight")


_HANDLERS = {
    "W06": _on_w06,
    "N9": _on_n9,
    "G62": _on_g62,
    "W27": _on_w27,
    "LX": _on_lx,
    "MAN": _on_man,
    "W12": _on_w12,
    "W03": _on_w03,
}
