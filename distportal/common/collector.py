"""How often a process looks for reference cycles."""

from __future__ import annotations

import gc

_YOUNG, _OLDER = 100_000, 20
"""Objects that are made before it looks at the newest of them, and how many such looks before it looks at older ones:
a batch of orders makes tens of thousands, nearly all without a cycle. What waits meanwhile is some ten megabytes.
"""

_OF_REQUESTS, _OFTEN, _HARDLY = 10_000, 5, 100
"""Likewise where somebody waits: a look takes a millisecond, and one of a hundred times five sees all."""


def collect_rarely() -> None:
    """What is loaded now is looked through no more, and new objects a hundred times more rarely than by default.

    For a process that works through batches: without this, a fifth of its time goes into
    looking (docs/performance.md).
    """
    pass_over_loaded()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)


def collect_between_requests() -> None:
    """What is loaded now is looked through no more, and what was loaded with the first pages hardly ever.

    For a process that answers requests: looking through all code and settings takes it 0.2 s, through templates and
    prepared queries still 0.1, and some request has to wait for it.
    """
    pass_over_loaded()
    gc.set_threshold(_OF_REQUESTS, _OFTEN, _HARDLY)


def pass_over_loaded() -> None:
    """What is loaded now is looked through no more."""
    gc.collect()
    gc.freeze()
