"""Whether a worker's job is being run: it has time for what a person's request must not wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_working: ContextVar[bool] = ContextVar("working", default=False)


def is_working() -> bool:
    """Whether this code runs in a job."""
    return _working.get()


@contextmanager
def working() -> Iterator[None]:
    """The block is a job's."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)
