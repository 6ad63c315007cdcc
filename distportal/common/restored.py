"""What has to be done when the database is that of an earlier time: each app says what of its own."""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int], str]
"""Takes how many numbers are left out, says in one line what it did."""

_steps: list[Step] = []


def after_restore(step: Step) -> Step:
    """The function is called, in the transaction of all of them, when a backup was restored."""
    _steps.append(step)
    return step


def restore_steps() -> list[Step]:
    """All of them, in the order in which the apps are loaded."""
    return list(_steps)
