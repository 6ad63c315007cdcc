"""What apps above orders tell and have to know: that an order became several, and what its lines came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOrigin:
    """What an order line came from, as it came: `raw` is the segment, `url` its place, which `readers` may open, and
    `label` what people call it.
    """

    label: str
    raw: str
    url: str
    readers: frozenset[str]


Origins = Mapping[tuple[UUID, str], LineOrigin]
_origins: dict[str, Callable[[Sequence[UUID]], Origins]] = {}


def add_line_origins(name: str, origins: Callable[[Sequence[UUID]], Origins]) -> None:
    """Register who knows where lines of orders came from: (order, line number) -> origin."""
    _origins[name] = origins


def line_origins(order_ids: Sequence[UUID]) -> Origins:
    """Where the lines of these orders came from; nothing of those that were typed here."""
    return {key: origin for _, ask in sorted(_origins.items()) for key, origin in ask(order_ids).items()}
