"""A figure's number as people read it: never nothing where there is something."""

from __future__ import annotations

import pytest

from distportal.measures.definitions import kpi
from distportal.measures.tally import Reading, Tally
from distportal.web.figures.words import said


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
