"""ACK: what becomes of a line or of a part of it, in 855 and 865 (X12 ACK, element 668)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from distportal.canonical.parts import ItemId
from edi.documents.items import pairs_of
from edi.documents.values import day_text, number_text
from edi.x12.tokens import Elements

ACCEPTED = frozenset({"IA", "AC", "AR"})
REJECTED = frozenset({"IR", "ID", "R1", "R2", "R3", "R4"})
HELD = frozenset({"IH", "IE", "IF", "IW"})


@dataclass(frozen=True, slots=True)
class AckStatus:
    """What becomes of a part of a line: X12 element 668 code, quantity in `unit`, and a date by X12 element 374.

    `items` are those of a substitute.
    """

    code: str
    quantity: Decimal
    unit: str
    date_qualifier: str = ""
    on: dt.date | None = None
    reason: str = ""
    items: tuple[ItemId, ...] = ()


def summed(statuses: Iterable[AckStatus]) -> tuple[AckStatus, ...]:
    """The parts, with what is alike in all but its quantity added up."""
    parts: dict[AckStatus, Decimal] = {}
    for status in statuses:
        key = replace(status, quantity=Decimal(0))
        parts[key] = parts.get(key, Decimal(0)) + status.quantity
    return tuple(replace(key, quantity=quantity) for key, quantity in parts.items())


def ack_segments(statuses: Iterable[AckStatus]) -> list[Elements]:
    """One ACK per part; a substitute's items stand from ACK07 on."""
    rows = []
    for status in statuses:
        row = ["ACK", status.code, number_text(status.quantity), status.unit]
        dated = [status.date_qualifier or "068", day_text(status.on)] if status.on is not None else []
        if status.items:
            dated = [*dated, *[""] * (2 - len(dated)), "", *pairs_of(status.items)]
        rows.append(row + dated)
    return rows


def reason_segments(reasons: Iterable[str], release: str) -> list[Elements]:
    """N9*L1 with the texts, each once: MSG in 004010, MTX in 005010; nothing without a text."""
    texts = list(dict.fromkeys(reason for reason in reasons if reason))
    if not texts:
        return []
    written = [["MTX", "", text] if release == "005010" else ["MSG", text[:264]] for text in texts]
    return [["N9", "L1", "REASON"], *written]
