"""865 answer to a purchase order change, line by line (X12 865)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import ItemId
from edi.documents.ack_lines import AckStatus
from edi.documents.answer_body import AnswerHead, head_segments, status_segments
from edi.documents.items import pairs_of
from edi.documents.values import day_text, number_text
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
class ChangeAcknowledgment(AnswerHead):
    """Our answer to one change; `ack_type` is BCA02, `sequence` echoes BCH05."""

    purpose: str
    ack_type: str
    po_number: str
    ordered_on: dt.date
    acknowledged_on: dt.date
    changed_on: dt.date
    lines: tuple[ChangeAckLine, ...]
    sequence: str = ""


def write_865(ack: ChangeAcknowledgment, *, release: str = "004010") -> list[Elements]:
    """The body of the 865, BCA to CTT. Raises WriteError for a line without a status."""
    bca = ["BCA", ack.purpose, ack.ack_type, ack.po_number, "", ack.sequence, day_text(ack.ordered_on), "", ""]
    bca += [ack.order_number, day_text(ack.acknowledged_on), day_text(ack.changed_on)]
    body: list[Elements] = [bca, *head_segments(ack, release)]
    for line in ack.lines:
        body += _line(line, release)
    return [*body, ["CTT", str(len(ack.lines))]]


def _line(line: ChangeAckLine, release: str) -> list[Elements]:
    price = "" if line.unit_price is None else number_text(line.unit_price)
    poc = ["POC", line.line_no, line.code, number_text(line.quantity), number_text(line.left), line.unit, price]
    told = status_segments(line.line_no, line.statuses, release)
    return [[*poc, "PE" if price else "", *pairs_of(line.items)], *told]
