"""944 warehouse stock transfer receipt advice -> what a warehouse received (X12 944)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from distportal.canonical.warehouse import ReceivedLine, TransferReceipt
from edi.documents.values import Reader
from edi.documents.warehouse_lines import items_at
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

_CONDITIONS = {"01": "damaged", "02": "short", "03": "over"}
"""W1303 (X12 element 412), as far as the codes are common; any other is told by its code."""
Placed = Sequence[tuple[int, Segment]]


def read_944(tset: TransactionSet) -> TransferReceipt:
    """The receipt in one valid 944; lines stand below LX in 005010. Raises MappingError with what could not be read."""
    reader = Reader()
    placed = list(enumerate(tset.segments, 1))
    head = next(((s, n) for n, s in placed if s.id == "W17"), None)
    lines = _lines(reader, placed)
    receipt = None
    if head is None:
        reader.problem("W17", 2, 0, "The receipt has no header (W17).")
    elif not lines:
        reader.problem("W07", len(placed), 0, "The receipt has no lines (W07).")
    else:
        receipt = _receipt(reader, head, placed, lines)
    if receipt is None or reader.problems:
        raise reader.failure()
    return receipt


def _receipt(
    reader: Reader, head: tuple[Segment, int], placed: Placed, lines: list[ReceivedLine]
) -> TransferReceipt | None:
    number = reader.text(*head, 3, "number of the receipt")
    day: dt.date | None = reader.day(*head, 2, "date of the receipt")
    if day is None:
        reader.problem("W17", head[1], 2, "The date of the receipt is missing.")
        return None
    first = next((n for n, s in placed if s.id in ("W07", "LX")), len(placed))
    bill = next((s.get(2).strip() for n, s in placed if n < first and s.id == "N9" and s.get(1) == "BM"), "")
    return TransferReceipt(
        number=number,
        received_on=day,
        lines=tuple(lines),
        transfer_number=head[0].get(4).strip(),
        bill_of_lading=bill or head[0].get(5).strip(),
    )


def _lines(reader: Reader, placed: Placed) -> list[ReceivedLine]:
    lines: list[ReceivedLine] = []
    for position, segment in placed:
        if segment.id == "W07":
            lines.append(_line(reader, segment, position))
        elif segment.id == "N9" and lines and segment.get(1) in ("LI", "LT"):
            value = segment.get(2).strip()
            lines[-1] = replace(lines[-1], line_no=value) if segment.get(1) == "LI" else replace(lines[-1], lot=value)
        elif segment.id == "W13" and lines:
            code = segment.get(3).strip()
            told = f"{segment.get(1)} {segment.get(2)} {_CONDITIONS.get(code, f'in condition {code}')}"
            lines[-1] = replace(lines[-1], conditions=(*lines[-1].conditions, told))
    return lines


def _line(reader: Reader, segment: Segment, position: int) -> ReceivedLine:
    quantity = reader.number(segment, position, 1, "quantity received")
    if quantity is None:
        reader.problem("W07", position, 1, "The quantity received is missing.")
    items = items_at(segment, (4, 6, 10), upc_at=3)
    if not items:
        reader.problem("W07", position, 5, "The line names no item.")
    return ReceivedLine(
        items=items,
        quantity=quantity or Decimal(0),
        unit=reader.text(segment, position, 2, "unit"),
        lot=segment.get(8).strip(),
    )
