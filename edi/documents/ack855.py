"""855 purchase order acknowledgment, line by line (X12 855)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import ItemId
from edi.documents.ack_header import header_code, shown_lines
from edi.documents.ack_lines import AckStatus
from edi.documents.answer_body import AnswerHead, head_segments, status_segments
from edi.documents.items import pairs_of
from edi.documents.values import day_text, number_text
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
class OrderAcknowledgment(AnswerHead):
    """Our answer to one PO; `ack_type` is BAK02, `order_number` BAK08."""

    po_number: str
    ordered_on: dt.date
    acknowledged_on: dt.date
    ack_type: str
    lines: tuple[AckLine, ...]
    purpose: str = "00"


def write_855(ack: OrderAcknowledgment, *, release: str = "004010") -> list[Elements]:
    """The body of the 855, BAK to CTT. Raises WriteError for a line without a status."""
    bak = ["BAK", ack.purpose, ack.ack_type, ack.po_number, day_text(ack.ordered_on), "", "", "", ack.order_number]
    body: list[Elements] = [[*bak, day_text(ack.acknowledged_on)], *head_segments(ack, release)]
    for line in ack.lines:
        body += _line(line, release)
    return [*body, ["CTT", str(len(ack.lines))]]


def _line(line: AckLine, release: str) -> list[Elements]:
    price = "" if line.unit_price is None else number_text(line.unit_price)
    basis = "PE" if price else ""
    rows: list[Elements] = [
        ["PO1", line.line_no, number_text(line.quantity), line.unit, price, basis, *pairs_of(line.items)]
    ]
    if line.description:
        rows.append(["PID", "F", "", "", "", line.description[:80]])
    return rows + status_segments(line.line_no, line.statuses, release)
