"""Deadlines and fees as plain arithmetic."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from edi.process.due_times import fee_of, moment_due

HERE = ZoneInfo("America/Chicago")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("start", "hours", "business", "due"),
    [
        ("2026-11-27T15:00", "24", False, "2026-11-28T15:00"),  # a Friday
        ("2026-11-27T15:00", "24", True, "2026-11-30T15:00"),
        ("2026-11-28T15:00", "2", True, "2026-11-30T02:00"),  # a Saturday: counted from Monday on
        ("2026-11-25T15:00", "2.5", True, "2026-11-25T17:30"),
        ("2026-11-30T10:00", "-4", False, "2026-11-30T06:00"),
        ("2026-11-30T03:00", "-4", True, "2026-11-27T23:00"),
        ("2026-11-23T00:00", "240", True, "2026-12-05T00:00"),
    ],
)
def test_hours_count_as_agreed(start: str, hours: str, business: bool, due: str) -> None:
    assert moment_due(at(start), Decimal(hours), business_days=business) == at(due)


@pytest.mark.parametrize(
    ("kind", "amount", "minimum", "fee"),
    [
        ("none", "5", "100", "0"),
        ("flat", "250", "0", "250.00"),
        ("percent", "3", "0", "15.00"),
        ("percent", "3", "50", "50.00"),
        ("per_carton", "0.75", "0", "9.00"),
        ("per_carton", "0.75", "100", "100.00"),
    ],
)
def test_a_fee_is_flat_or_counted_and_never_below_its_minimum(kind: str, amount: str, minimum: str, fee: str) -> None:
    found = fee_of(
        kind=kind, amount=Decimal(amount), minimum=Decimal(minimum), total=Decimal("500"), cartons=12
    )  # fmt: skip
    assert found == Decimal(fee)
