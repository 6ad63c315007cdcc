"""Whoever takes control numbers at once, and whoever fails with them: counted without a gap and without a repeat."""

from __future__ import annotations

import os
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distportal.accounts.seeds import seed_accounts
from edi.models import ControlNumber, TradingPartner
from edi.process.control_numbers import Counter, hold_numbers, next_control_number
from edi.seeds import seed_partner
from tests.at_once import at_once

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "6"))


class Failed(Exception):
    """A document that took its numbers and was not stored."""


def take(partner: TradingPartner, counters: list[Counter], count: int, fails: bool) -> list[tuple[Counter, int]]:
    """What sending a document does: it holds the numbers, takes some, and rolls back where it fails."""
    try:
        with transaction.atomic():
            hold_numbers(partner=partner)
            first = [
                (counter, next_control_number(partner=partner, counter=counter, count=count)) for counter in counters
            ]
            if fails:
                raise Failed
    except Failed:
        return []
    return [(counter, number + more) for counter, number in first for more in range(count)]


senders = st.tuples(
    st.sampled_from(["CRESTLINE", "BRIGHTWAY"]),
    st.lists(st.sampled_from(["ISA", "GS", "ST"]), min_size=1, max_size=3, unique=True).map(sorted),
    st.integers(1, 3),
    st.booleans(),
)


@pytest.mark.django_db(transaction=True)
@given(rounds=st.lists(st.lists(senders, min_size=2, max_size=4), min_size=1, max_size=3))
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 50, suppress_health_check=list(HealthCheck)
)  # fmt: skip
def test_numbers_have_no_gaps_and_no_repeats(rounds: list[list[tuple[str, list[Counter], int, bool]]]) -> None:
    if not TradingPartner.objects.exists():
        seed_accounts()
    partners = {code: seed_partner(code=code) for code in ("CRESTLINE", "BRIGHTWAY")}
    ControlNumber.objects.all().delete()
    taken: dict[tuple[str, Counter], list[int]] = {}
    for together in rounds:
        found = at_once(*(partial(take, partners[code], counters, n, fails) for code, counters, n, fails in together))
        for (code, _, _, _), numbers in zip(together, found, strict=True):
            for counter, number in numbers:
                taken.setdefault((code, counter), []).append(number)
    for (code, counter), numbers in taken.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert ControlNumber.objects.get(partner=partners[code], counter=counter).last == len(numbers)
