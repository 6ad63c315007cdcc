"""A customer's tax rule changes the taxes of an item as Tryton would."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from distportal.systems.erp.tryton.taxes import apply_rule

DAY = dt.date(2026, 11, 25)


def rule(**values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("origin_tax", "group", "tax", "keep_origin", "start_date", "end_date"))
    return {**empty, **values}


@pytest.mark.parametrize(
    ("lines", "taxes"),
    [
        ([], [1, 2]),
        ([rule(origin_tax=1, tax=9)], [9, 2]),
        ([rule(origin_tax=1)], [2]),
        ([rule(origin_tax=1, tax=9, keep_origin=True)], [1, 9, 2]),
        ([rule()], []),
        ([rule(group=5, tax=9)], [1, 9]),
        ([rule(origin_tax=1, tax=8), rule(tax=9)], [8, 9]),
        ([rule(tax=9)], [9]),
        ([rule(tax=9, end_date=DAY - dt.timedelta(days=1))], [1, 2]),
        ([rule(tax=9, start_date=DAY, end_date=DAY)], [9]),
    ],
)
def test_the_first_line_that_matches_decides(lines: list[dict[str, Any]], taxes: list[int]) -> None:
    assert apply_rule(lines, [1, 2], {1: None, 2: 5}, DAY) == taxes
