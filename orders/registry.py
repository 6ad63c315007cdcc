"""Who has to know, in the same transaction, that an order became several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFollower:
    """`prepare` locks what stands before the order in the order of locks; `follow` hears of the order and its parts."""

    prepare: Callable[[UUID], None]
    follow: Callable[[UUID, Sequence[UUID]], None]


_followers: list[SplitFollower] = []


def add_split_follower(follower: SplitFollower) -> None:
    """Register a follower."""
    if follower not in _followers:
        _followers.append(follower)


def split_followers() -> Sequence[SplitFollower]:
    """All of them."""
    return tuple(_followers)
