"""A figure's number as people read it: never nothing where there is something."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.measures.definitions import kpi
from distportal.measures.tally import Reading, Tally
from distportal.web.figures.words import said, said_seconds


@pytest.mark.parametrize(
    ("counted", "days", "words"),
    [
        (0, 30, "0"), (1, 366, "0.003"), (1, 30, "0.03"), (2, 30, "0.07"), (3, 30, "0.1"), (45, 30, "1.5"),
        (30, 30, "1"), (60_000, 30, "2,000"),
    ],
)  # fmt: skip
def test_a_few_rows_in_many_days_are_a_small_number_and_not_none(counted: int, days: int, words: str) -> None:
    replays = kpi("replay_activity")
    assert replays is not None
    assert said(Reading(kpi=replays, tally=Tally(counted, counted), days=days)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [("0", "0 s"), ("0.4", "under 1 s"), ("1.9", "1 s"), ("4800", "1 h 20 min"), ("183600", "2 d 3 h"), ("-3", "0 s")],
)
def test_what_took_a_moment_did_not_take_nothing(seconds: str, words: str) -> None:
    assert said_seconds(Decimal(seconds)) == words
