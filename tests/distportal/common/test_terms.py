"""Payment terms out of the ERP's words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.common.terms import Terms, read_terms


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Net 30", Terms(net_days=30)),
        ("2% 10 Net 30", Terms(Decimal(2), 10, 30)),
        ("1.5% 15, net 60", Terms(Decimal("1.5"), 15, 60)),
        ("2%/10 n/30", Terms(Decimal(2), 10, 30)),
        ("Cash in advance", Terms()),
        ("", Terms()),
    ],
)
def test_words_give_terms(words: str, expected: Terms) -> None:
    assert read_terms(words) == expected


def test_the_discount_has_a_last_day_and_an_amount() -> None:
    terms = read_terms("2% 10 Net 30")
    assert terms.discount_until(dt.date(2026, 11, 26)) == dt.date(2026, 12, 6)
    assert terms.discount_of(Decimal("99.99")) == Decimal("2.00")
    assert (read_terms("Net 30").discount_until(dt.date(2026, 1, 1)), Terms().discount_of(Decimal(9))) == (None, 0)
