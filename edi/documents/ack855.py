"""855 purchase order acknowledgment, line by line (X12 855)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import Address, ItemId, Reference
from edi.documents.ack_header import header_code, shown_lines
from edi.documents.ack_lines import AckStatus, ack_segments, reason_segments
from edi.documents.items import pairs_of
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

__all__ = ["AckLine", "AckStatus", "OrderAcknowledgment", "header_code", "shown_lines", "write_855"]


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
    """Our answer to one PO; `ack_type` is BAK02, `order_number` ours (BAK08), `reason` what is said of the whole."""

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
    reason: str = ""


def write_855(ack: OrderAcknowledgment, *, release: str = "004010") -> list[Elements]:
    """The body of the 855, BAK to CTT. Raises WriteError for a line without a status."""
    bak = ["BAK", ack.purpose, ack.ack_type, ack.po_number, day_text(ack.ordered_on), "", "", "", ack.order_number]
    body: list[Elements] = [[*bak, day_text(ack.acknowledged_on)], ["CUR", "SE", ack.currency]]
    if ack.vendor_code:
        body.append(["REF", "IA", ack.vendor_code])
    body += [["REF", r.qualifier, r.value] for r in ack.references if r.value and r.qualifier != "IA"]
    body += reason_segments([ack.reason], release)
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
    rows += ack_segments(line.statuses)
    return rows + reason_segments((s.reason for s in line.statuses), release)
