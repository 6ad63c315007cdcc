"""A write that was held up for too long does not leave any more: others may be at it by now.

The lease of a job protects our rows, not the other system: a process that was stopped between its claim and its call,
and goes on minutes later, would write what somebody else has looked up, not found and written meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from distportal.systems.errors import Transient

_until: ContextVar[float | None] = ContextVar("writes_until", default=None)


@contextmanager
def writes_leave_within(seconds: float) -> Iterator[None]:
    """In the block every write to another system begins within so many seconds, or is not made at all."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def check_in_time(prefix: str) -> None:
    """Raises Transient `<prefix>.too_late` where the time is over; nothing was sent then."""
    until = _until.get()
    if until is not None and time.monotonic() > until:
        raise Transient(f"{prefix}.too_late", "we were held up for too long, nothing was sent", retry_after=1.0)
