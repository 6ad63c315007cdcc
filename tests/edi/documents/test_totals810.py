"""An invoice that does not add up never leaves."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from edi.documents.inv810 import write_810
from edi.x12.errors import WriteError
from tests.edi.documents.test_money_golden import FACTS, INVOICE, LINE


def test_a_total_that_differs_by_a_cent_is_refused_with_both_figures() -> None:
    wrong = dataclasses.replace(INVOICE, total=INVOICE.total + Decimal("0.01"))
    with pytest.raises(WriteError, match=r"INV-9 does not add up: .* are \$226\.42, its total is \$226\.43\."):
        write_810(wrong, FACTS)


def test_a_line_that_is_not_quantity_times_price_is_refused() -> None:
    line = dataclasses.replace(LINE, amount=Decimal("198.99"))
    wrong = dataclasses.replace(INVOICE, lines=(line,), total=INVOICE.total - Decimal("0.01"))
    with pytest.raises(WriteError, match=r"Line 1 of INV-9: 20 at 9\.95 is \$199\.00, billed is \$198\.99"):
        write_810(wrong, FACTS)


def test_half_a_cent_is_rounded_as_the_invoice_prints_it() -> None:
    line = dataclasses.replace(LINE, quantity=Decimal(1), unit_price=Decimal("0.125"), amount=Decimal("0.13"))
    plain = dataclasses.replace(INVOICE, lines=(dataclasses.replace(line, charges=()),), total=Decimal("0.13"))
    body = write_810(dataclasses.replace(plain, charges=(), tax=Decimal(0)), FACTS)
    assert ["TDS", "13"] in body


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Net 30", ["ITD", "01", "3", "", "", "", "20261226", "30"]),
        ("as agreed", ["ITD", "14", "3", "", "", "", "20261226", ""]),
        ("2% 10 Net 30", ["ITD", "08", "3", "2", "20261206", "10", "20261226", "30"]),
    ],
)
def test_terms_are_told_as_far_as_their_words_go(words: str, expected: list[str]) -> None:
    body = write_810(dataclasses.replace(INVOICE, terms=words), FACTS)
    assert next(row for row in body if row[0] == "ITD")[:8] == expected
