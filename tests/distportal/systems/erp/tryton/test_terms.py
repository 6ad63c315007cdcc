"""The day an invoice is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from distportal.systems.erp.tryton.terms import due_on


def step(**values: int) -> dict[str, Any]:
    return {"days": 0, "weeks": None, "months": 0, **values}


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        ([], dt.date(2026, 12, 31)),
        ([[step(days=30)]], dt.date(2027, 1, 30)),
        ([[step(months=2)]], dt.date(2027, 2, 28)),
        ([[step(months=1), step(days=1)]], dt.date(2027, 2, 1)),
        ([[step(weeks=1)], [step(days=3)]], dt.date(2027, 1, 7)),
    ],
)
def test_the_last_part_decides(lines: list[list[dict[str, Any]]], due: dt.date) -> None:
    term = {"lines": [{"relativedeltas": steps} for steps in lines]}
    assert due_on(term, dt.date(2026, 12, 31)) == due


def test_without_a_term_it_is_due_at_once() -> None:
    assert due_on(None, dt.date(2026, 12, 31)) == dt.date(2026, 12, 31)
