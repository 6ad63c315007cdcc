"""855 purchase order acknowledgment, line by line (X12 855)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import Address, ItemId, Reference
from edi.documents.items import pairs_of
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

_ACCEPTED = frozenset({"IA", "AC", "AR"})
_REJECTED = frozenset({"IR", "ID", "R1", "R2", "R3", "R4"})


@dataclass(frozen=True, slots=True)
class AckStatus:
    """What becomes of a part of a line: X12 element 668 code, quantity in `unit`, and a date by X12 element 374."""

    code: str
    quantity: Decimal
    unit: str
    date_qualifier: str = ""
    on: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AckLine:
    """One line as ordered, with what becomes of it; `line_no` echoes PO101."""

    line_no: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    items: tuple[ItemId, ...]
    statuses: tuple[AckStatus, ...]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAcknowledgment:
    """Our answer to one order; `ack_type` is BAK02, `order_number` ours (BAK08)."""

    po_number: str
    ordered_on: dt.date
    acknowledged_on: dt.date
    ack_type: str
    lines: tuple[AckLine, ...]
    order_number: str = ""
    currency: str = "USD"
    references: tuple[Reference, ...] = ()
    vendor_code: str = ""
    ship_to_code: str = ""
    purpose: str = "00"


def header_code(lines: Sequence[AckLine]) -> str:
    """BAK02 from the lines: AD all accepted as ordered, RD all rejected, AC anything between."""
    codes = {status.code for line in lines for status in line.statuses}
    if codes <= _ACCEPTED:
        return "AD"
    return "RD" if codes <= _REJECTED else "AC"


def write_855(ack: OrderAcknowledgment, *, release: str = "004010") -> list[Elements]:
    """The body of the 855, BAK to CTT. Raises WriteError for a line without a status."""
    bak = ["BAK", ack.purpose, ack.ack_type, ack.po_number, day_text(ack.ordered_on), "", "", "", ack.order_number]
    body: list[Elements] = [[*bak, day_text(ack.acknowledged_on)], ["CUR", "SE", ack.currency]]
    if ack.vendor_code:
        body.append(["REF", "IA", ack.vendor_code])
    body += [["REF", r.qualifier, r.value] for r in ack.references if r.value and r.qualifier != "IA"]
    body += party_segments("ST", Address(code=ack.ship_to_code))
    for line in ack.lines:
        body += _line(line, release)
    return [*body, ["CTT", str(len(ack.lines))]]


def _line(line: AckLine, release: str) -> list[Elements]:
    if not line.statuses:
        raise WriteError(f"Line {line.line_no} has no status, so it cannot be acknowledged.")
    price = "" if line.unit_price is None else number_text(line.unit_price)
    basis = "PE" if price else ""
    rows: list[Elements] = [
        ["PO1", line.line_no, number_text(line.quantity), line.unit, price, basis, *pairs_of(line.items)]
    ]
    if line.description:
        rows.append(["PID", "F", "", "", "", line.description[:80]])
    for status in line.statuses:
        ack = ["ACK", status.code, number_text(status.quantity), status.unit]
        if status.on is not None:
            ack += [status.date_qualifier or "068", day_text(status.on)]
        rows.append(ack)
    reasons = list(dict.fromkeys(s.reason for s in line.statuses if s.reason))
    if reasons:
        rows.append(["N9", "L1", "REASON"])
        rows += [["MTX", "", r] if release == "005010" else ["MSG", r[:264]] for r in reasons]
    return rows
