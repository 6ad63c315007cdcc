"""What a document about an order repeats of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from distportal.canonical.parts import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The buyer's order number and date, and the references it wants back."""

    po_number: str
    ordered_on: dt.date | None = None
    references: tuple[Reference, ...] = ()
