"""DTM of an order: which X12 element 374 code is which date of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from distportal.canonical.parts import CodedDate

REQUESTED = ("002", "010", "106", "071", "118")
"""Delivery requested, ship requested, required by, delivery from, pickup: the first that is given counts."""
CANCEL_AFTER = ("001", "061")
NOT_BEFORE = ("037",)
NOT_LATER = ("038",)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDates:
    """The dates that have a meaning here, and in `others` every one that was not taken."""

    requested_on: dt.date | None
    ship_not_before: dt.date | None
    ship_not_later: dt.date | None
    cancel_after: dt.date | None
    others: tuple[CodedDate, ...]


def order_dates(given: Mapping[str, dt.date]) -> OrderDates:
    """The dates by their codes."""
    taken: set[str] = set()

    def first(codes: tuple[str, ...]) -> dt.date | None:
        code = next((c for c in codes if c in given), "")
        taken.add(code)
        return given.get(code)

    named = [first(codes) for codes in (REQUESTED, NOT_BEFORE, NOT_LATER, CANCEL_AFTER)]
    others = tuple(CodedDate(code=code, on=on) for code, on in given.items() if code not in taken)
    return OrderDates(
        requested_on=named[0],
        ship_not_before=named[1],
        ship_not_later=named[2],
        cancel_after=named[3],
        others=others,
    )


def requested_on(given: Mapping[str, dt.date]) -> dt.date | None:
    """When a line is wanted."""
    return next((given[code] for code in REQUESTED if code in given), None) if given else None
