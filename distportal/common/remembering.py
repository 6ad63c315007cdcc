"""Read settled facts once for a burst of like work: a batch of orders of one buyer asks for the same policy and items.

Only for what may as well have been read a moment earlier; never for stock, credit or states, which the batch changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

T = TypeVar("T")
_facts: ContextVar[dict[Hashable, object] | None] = ContextVar("facts", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """What `remembered` reads inside the block is kept until its end, and not a moment longer; a block inside another
    one is part of it.
    """
    if _facts.get() is not None:
        yield
        return
    token = _facts.set({})
    try:
        yield
    finally:
        _facts.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, or gave for this key before in the same block; outside of one it is read each time."""
    facts = _facts.get()
    if facts is None:
        return read()
    if key not in facts:
        facts[key] = read()
    return cast(T, facts[key])
