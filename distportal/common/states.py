"""One way to check a state change against a transition table."""

from __future__ import annotations

from collections.abc import Mapping

from distportal.common.errors import IllegalMove

Transitions = Mapping[str, frozenset[str]]


def check_move(table: Transitions, *, subject: str, old: str, new: str) -> None:
    """Nothing if `old` may become `new`; raises IllegalMove naming what would be allowed."""
    allowed = table.get(old, frozenset())
    if new not in allowed:
        options = ", ".join(sorted(allowed)) or "nothing, it is final"
        raise IllegalMove(f"{subject} is {old} and cannot become {new}; possible: {options}", old=old, new=new)


def transition_pairs(table: Transitions) -> list[tuple[str, str]]:
    """Every allowed (old, new) pair in a fixed order, for the database's own guard."""
    return [(old, new) for old in sorted(table) for new in sorted(table[old])]
