"""865 answer to a purchase order change, line by line (X12 865)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import Address, ItemId, Reference
from edi.documents.ack_lines import AckStatus, ack_segments, reason_segments
from edi.documents.items import pairs_of
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

PURPOSE_CODES = {"cancellation": "01", "change": "04", "replace": "05"}
"""Canonical purpose -> BCA01 (X12 element 353), as the BCH01 it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAckLine:
    """One line of the change: `code` echoes POC02, `quantity` is what holds now, `left` what is still to come of it."""

    line_no: str
    code: str
    quantity: Decimal
    left: Decimal
    unit: str
    unit_price: Decimal | None
    items: tuple[ItemId, ...]
    statuses: tuple[AckStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAcknowledgment:
    """Our answer to one change; `ack_type` is BCA02, `sequence` echoes BCH05, `reason` is said of the whole."""

    purpose: str
    ack_type: str
    po_number: str
    ordered_on: dt.date
    acknowledged_on: dt.date
    changed_on: dt.date
    lines: tuple[ChangeAckLine, ...]
    sequence: str = ""
    order_number: str = ""
    currency: str = "USD"
    references: tuple[Reference, ...] = ()
    vendor_code: str = ""
    ship_to_code: str = ""
    reason: str = ""


def write_865(ack: ChangeAcknowledgment, *, release: str = "004010") -> list[Elements]:
    """The body of the 865, BCA to CTT. Raises WriteError for a line without a status."""
    bca = ["BCA", ack.purpose, ack.ack_type, ack.po_number, "", ack.sequence, day_text(ack.ordered_on), "", ""]
    bca += [ack.order_number, day_text(ack.acknowledged_on), day_text(ack.changed_on)]
    body: list[Elements] = [bca, ["CUR", "SE", ack.currency]]
    if ack.vendor_code:
        body.append(["REF", "IA", ack.vendor_code])
    body += [["REF", r.qualifier, r.value] for r in ack.references if r.value and r.qualifier != "IA"]
    body += reason_segments([ack.reason], release)
    body += party_segments("ST", Address(code=ack.ship_to_code))
    for line in ack.lines:
        body += _line(line, release)
    return [*body, ["CTT", str(len(ack.lines))]]


def _line(line: ChangeAckLine, release: str) -> list[Elements]:
    if not line.statuses:
        raise WriteError(f"Line {line.line_no} has no status, so its change cannot be answered.")
    price = "" if line.unit_price is None else number_text(line.unit_price)
    poc = ["POC", line.line_no, line.code, number_text(line.quantity), number_text(line.left), line.unit, price]
    rows: list[Elements] = [[*poc, "PE" if price else "", *pairs_of(line.items)], *ack_segments(line.statuses)]
    return rows + reason_segments((s.reason for s in line.statuses), release)
