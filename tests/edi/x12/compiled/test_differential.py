"""What the fast way proves clean is clean by pyx12 and our own checks, whatever is done to a set: no false accept.

`FUZZ_SETS` says how many sets; `make fuzz` takes fifty thousand.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.x12.compiled.proof import prove_clean
from edi.x12.segments import Delimiters, Elements, Segment
from edi.x12.structure import TransactionSet
from edi.x12.validate import validate_set
from tests.edi.x12.compiled.growing import EVERY_MAP, grow
from tests.edi.x12.compiled.mutations import CHANGES, Change

SETS = int(os.environ.get("FUZZ_SETS", "2000"))
MUTANTS = 8
"""Sets made of one that was grown; the first is as it grew."""
DELIMITERS = {"004010": Delimiters(), "005010": Delimiters(repetition="^")}


def set_of(release: str, set_id: str, rows: list[Elements]) -> TransactionSet:
    return TransactionSet(
        st01=set_id,
        st02="0001",
        st03="",
        position=1,
        functional_id="",
        version=release,
        release=release,
        delimiters=DELIMITERS[release],
        segments=[Segment(row, 0, position) for position, row in enumerate(rows, 1)],
    )


def test_whatever_is_done_to_a_set_the_fast_way_accepts_nothing_that_pyx12_does_not() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=-(-SETS // MUTANTS),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(EVERY_MAP),
        st.integers(0, 2**32),
        st.lists(
            st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), min_size=MUTANTS - 1, max_size=MUTANTS - 1
        ),
    )
    def judge(which: tuple[str, str], seed: int, plans: list[list[Change]]) -> None:
        chance = Random(seed)
        grown = grow(*which, chance)
        for plan in ([], *plans):
            rows = [list(row) for row in grown]
            for change in plan:
                if rows:
                    change(rows, chance)
            tset = set_of(*which, rows)
            slow = validate_set(tset, proof=False)
            fast = prove_clean(tset.segments, which[0], which[1], tset.delimiters)
            seen["sets"] += 1
            seen["clean"] += slow.verdict == "A"
            seen["proven"] += fast is not None
            assert fast is None or slow.verdict == "A", rows
            both = validate_set(tset)
            assert replace(both, used=()) == replace(slow, used=()), rows
            assert set(slow.used) <= set(both.used), rows

    judge()
    unproven = seen["clean"] - seen["proven"]
    sys.stdout.write(f"{seen['sets']} sets, {seen['clean']} clean, {unproven} of them unproven, 0 false accepts\n")
    assert seen["sets"] >= SETS
    assert seen["clean"] > SETS // 20
    assert unproven <= seen["sets"] // 50
