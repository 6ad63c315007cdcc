"""Reads and writes single X12 values; readers collect problems so that all of them are told at once."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.base import plain
from edi.x12.errors import MappingError, Problem
from edi.x12.tokens import Segment

_DECIMAL = re.compile(r"^-?\d*\.?\d+$|^-?\d+\.$")


@dataclass(frozen=True, slots=True)
class Imbalance(Problem):
    """A total that its parts do not add up to."""


class Reader:
    """Reads values out of segments; `problems` holds what could not be read. Positions count from ST = 1."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, segment: str, position: int, element: int, sentence: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(segment, position, element, sentence))

    def imbalance(self, segment: str, position: int, element: int, sentence: str) -> None:
        """Note a total that its parts do not add up to."""
        self.problems.append(Imbalance(segment, position, element, sentence))

    def failure(self) -> MappingError:
        """The error that tells all problems, in the order of the document."""
        return MappingError(tuple(sorted(self.problems, key=lambda p: (p.position, p.element))))

    def text(self, segment: Segment, position: int, element: int, what: str) -> str:
        """A mandatory text; "" and a problem when it is missing."""
        value = segment.get(element).strip()
        if not value:
            self.problem(segment.id, position, element, f"The {what} is missing.")
        return value

    def day(self, segment: Segment, position: int, element: int, what: str) -> dt.date | None:
        """A date CCYYMMDD (X12 element 373), None when empty or wrong; wrong is a problem."""
        value = segment.get(element).strip()
        if not value:
            return None
        try:
            if len(value) != 8 or not value.isdecimal():
                raise ValueError
            return dt.date(int(value[:4]), int(value[4:6]), int(value[6:]))
        except ValueError:
            self.problem(segment.id, position, element, f"The {what} {value!r} is not a date.")
            return None

    def number(self, segment: Segment, position: int, element: int, what: str) -> Decimal | None:
        """A decimal (X12 type R), None when empty or wrong; wrong is a problem."""
        value = segment.get(element).strip()
        if not value:
            return None
        if not _DECIMAL.match(value) or not value.isascii():
            self.problem(segment.id, position, element, f"The {what} {value!r} is not a number.")
            return None
        return Decimal(value.rstrip("."))

    def cents(self, segment: Segment, position: int, element: int, what: str) -> Decimal | None:
        """Money in cents without a point (X12 type N2), None when empty or wrong; wrong is a problem."""
        number = self.number(segment, position, element, what)
        if number is None or "." in segment.get(element):
            # A point does not belong there; who writes one means whole money.
            return number
        return number / 100

    def count(self, segment: Segment, position: int, element: int, what: str) -> int | None:
        """A whole number (X12 type N0), None when empty or wrong; wrong is a problem."""
        number = self.number(segment, position, element, what)
        if number is not None and number != number.to_integral_value():
            self.problem(segment.id, position, element, f"The {what} {segment.get(element)!r} is not whole.")
            return None
        return None if number is None else int(number)


def day_text(day: dt.date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}"


def number_text(number: Decimal) -> str:
    """X12 type R: no exponent, no trailing zeros."""
    return plain(number)


def cents_text(amount: Decimal) -> str:
    """X12 type N2: the amount in cents without a point; half a cent rounds up in size."""
    cents = (abs(amount) * 100 + Decimal("0.5")) // 1
    return f"-{cents}" if amount < 0 and cents else f"{cents}"
