"""Whether a remittance adds up, and which sign its sender writes deductions with (X12 820)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from distportal.canonical.remittances import Adjustment, RemittanceLine

FLIPPED = "Deductions beside the lines (ADX) are written above zero; read as below zero, the payment adds up."
LINE_FLIPPED = "Deductions within lines are written above zero; they were read as below zero."


@dataclass(frozen=True, slots=True)
class Balanced:
    """Lines and adjustments with our signs: below zero is a deduction."""

    lines: tuple[RemittanceLine, ...]
    beside: tuple[Adjustment, ...]
    notes: tuple[str, ...]


def balanced(amount: Decimal, lines: Sequence[RemittanceLine], beside: Sequence[Adjustment]) -> Balanced | None:
    """The parts of a payment of `amount`, or None where they do not add up: BPR02 = sum of RMR04 plus the ADX01 that
    stand directly under ENT, or less them for a sender who writes deductions above zero.
    """
    paid = sum((line.paid for line in lines), Decimal(0))
    more = sum((one.amount for one in beside), Decimal(0))
    notes: list[str] = []
    if paid + more != amount:
        if paid - more != amount:
            return None
        beside = [replace(one, amount=-one.amount) for one in beside]
        notes.append(FLIPPED)
    signed = tuple(map(_signed, lines))
    if any(new is not old for new, old in zip(signed, lines, strict=True)):
        notes.append(LINE_FLIPPED)
    return Balanced(signed, tuple(beside), tuple(notes))


def _signed(line: RemittanceLine) -> RemittanceLine:
    """Adjustments above zero that explain why less than the gross was paid are deductions."""
    told = sum((one.amount for one in line.adjustments), Decimal(0))
    if line.gross is None or told <= 0 or line.gross - line.discount - told != line.paid:
        return line
    return replace(line, adjustments=tuple(replace(one, amount=-one.amount) for one in line.adjustments))
