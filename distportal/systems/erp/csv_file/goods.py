"""Lots and dangerous goods as a file's columns have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from distportal.canonical.base import plain
from distportal.systems.erp.files.numbers import number

_HAZARD = {
    "un_number": "un_number", "hazard_name": "name", "hazard_class": "hazard_class", "packing_group": "packing_group",
}  # fmt: skip


def lots(told: Sequence[str]) -> list[dict[str, Any]]:
    """`A17=40@2027-01-31` as lot, quantity and the day that it expires; without a day it does not. Raises ValueError
    for what is not of that form: the row is set aside then.
    """
    found = []
    for part in told:
        lot, equals, rest = part.partition("=")
        quantity, _, day = rest.partition("@")
        if not lot or not equals:
            raise ValueError(f"lots has {part!r}, which is not of the form LOT=QUANTITY@YYYY-MM-DD")
        expires_on = dt.date.fromisoformat(day).isoformat() if day else None
        found.append({"lot": lot, "quantity": plain(number(quantity)), "expires_on": expires_on})
    return found


def hazard(row: Mapping[str, Any]) -> dict[str, Any]:
    """What kind of dangerous goods it is; empty where no column says anything."""
    found: dict[str, Any] = {name: row[column] for column, name in _HAZARD.items() if row.get(column)}
    return {**found, "limited_quantity": True} if row.get("limited_quantity") else found
