"""A slot that a test holds, as the guard around a call does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from distportal.systems.limits.in_turn import in_turn
from distportal.systems.limits.slots import Slot


@contextmanager
def slot(system: str, most: int) -> Iterator[bool]:
    """Whether it is held during the block."""
    one = Slot(system, most)
    if not one.enter():
        yield False
        return
    try:
        held = in_turn(one.taking()) == [0.0]
        yield held
        if held:
            in_turn(one.giving())
    finally:
        one.leave()
