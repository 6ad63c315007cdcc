"""What a key figure is: its words, who owns it, what it is measured in and what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """How the rows behind a figure become one number."""

    SHARE = "share"
    """Each row is 1 (good) or 0; the figure is their average."""
    DURATION = "duration"
    """Each row is a number of seconds; the figure is their average."""
    COUNT = "count"
    """Each row counts 1; the figure is how many there are in a day."""


class Team(StrEnum):
    """Who answers for a figure and acts on it."""

    ORDERS = "Customer service"
    EDI = "EDI team"
    OPERATIONS = "Operations"
    FINANCE = "Finance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One key figure. `target` is a share from 0 to 1, seconds, or rows a day; better than it is `lower` or not.

    `counted_on` says which day a row belongs to, `aside` what is not counted, `part` what its second split is by.
    """

    code: str
    title: str
    question: str
    formula: str
    counted_on: str
    aside: str
    owner: Team
    unit: Unit
    target: Decimal
    lower: bool
    part: str = "Channel"

    def met_by(self, value: Decimal) -> bool:
        """Whether a figure is as good as it should be."""
        return value <= self.target if self.lower else value >= self.target
