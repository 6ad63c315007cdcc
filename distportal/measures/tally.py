"""What rows of a figure come to together; tallies of parts add up to that of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from distportal.measures.kinds import Kpi, Unit


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows counted, were good, and wait; the sum of their values, and the longest of durations."""

    counted: int = 0
    good: int = 0
    waiting: int = 0
    total: Decimal = Decimal(0)
    longest: Decimal = Decimal(0)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.counted + other.counted,
            self.good + other.good,
            self.waiting + other.waiting,
            self.total + other.total,
            max(self.longest, other.longest),
        )

    @property
    def bad(self) -> int:
        """The counted rows that are not as they should be."""
        return self.counted - self.good

    @property
    def rows(self) -> int:
        """All rows, those that wait too."""
        return self.counted + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A figure over some days: its tally as the one number that the definition asks for."""

    kpi: Kpi
    tally: Tally
    days: int = 1

    @property
    def value(self) -> Decimal | None:
        """A share, seconds, or rows a day; None where nothing was counted (of a count, nothing is 0)."""
        if self.kpi.unit == Unit.COUNT:
            return Decimal(self.tally.counted) / self.days
        return self.tally.total / self.tally.counted if self.tally.counted else None

    @property
    def within(self) -> Decimal | None:
        """Of durations, the share that kept the target; otherwise None."""
        if self.kpi.unit != Unit.DURATION or not self.tally.counted:
            return None
        return Decimal(self.tally.good) / self.tally.counted

    @property
    def met(self) -> bool | None:
        """Whether it is as good as it should be; None where nothing was counted."""
        return None if self.value is None else self.kpi.met_by(self.value)
