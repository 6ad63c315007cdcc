"""Fees as plain arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from edi.process.due_fees import fee_of


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
