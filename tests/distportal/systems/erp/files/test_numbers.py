"""Numbers of files are plain ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.systems.erp.files.numbers import number


@pytest.mark.parametrize(
    ("text", "value"), [("12", "12"), ("0012.50", "12.50"), ("-3", "-3"), ("2.5-", "-2.5"), (".5", "0.5"), ("7.", "7")]
)
def test_plain_digits_with_a_sign_on_either_side(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "1e9", "1e999999999", "NaN", "Infinity", "1_0", "٣", "1,5", "--1", "9" * 16])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number(text)
