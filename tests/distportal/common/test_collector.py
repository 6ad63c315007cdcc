"""How often a process looks for reference cycles: what was there before is left alone, what comes later is not."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator

import pytest

from distportal.common.collector import collect_between_requests, collect_rarely


class Ring:
    """Something that only the collector can remove."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def as_before() -> Iterator[None]:
    """The process collects as it did."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    collect_rarely()


@pytest.mark.parametrize("collect", [collect_rarely, collect_between_requests])
def test_what_is_loaded_is_passed_over_and_later_cycles_go(as_before: None, collect: Callable[[], None]) -> None:
    gc.unfreeze()
    loaded = Ring()
    collect()
    assert gc.get_freeze_count() > 10_000
    assert all(one is not loaded for one in gc.get_objects())
    gone = weakref.ref(Ring())
    made = [[] for _ in range(2 * gc.get_threshold()[0])]
    assert len(made) > 10_000
    assert gone() is None


def test_a_process_that_answers_requests_looks_at_the_newest_often_and_hardly_ever_at_all() -> None:
    told = "import gc, distportal.wsgi; print(*gc.get_threshold(), gc.get_freeze_count() > 100_000)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["10000", "5", "100", "True"]
