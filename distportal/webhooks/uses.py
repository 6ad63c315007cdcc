"""What events of others do: each kind is registered by the app that knows what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from distportal.common.errors import Invalid


class Unusable(Invalid):
    """The event says nothing that can be done; it is kept, and a person looks at it."""

    code = "unusable_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An event as its sender told it: `key` is the sender's own, good for ever; `source` is what people call him."""

    key: str
    source: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseKind:
    """`use` does it inside a transaction and tells in words what came of it. It raises Unusable, KeyError, ValueError,
    TypeError or ArithmeticError for what it can't use, and must be harmless when it is called again.
    """

    kind: str
    title: str
    use: Callable[[Incoming], str]


_kinds: dict[str, UseKind] = {}


def add_use(kind: UseKind) -> None:
    """Make a kind known."""
    _kinds[kind.kind] = kind


def use_kind(kind: str) -> UseKind | None:
    """The kind of that name, or None where this version of the code does not know it."""
    return _kinds.get(kind)


def use_kinds() -> list[UseKind]:
    """All of them by name."""
    return [kind for _, kind in sorted(_kinds.items())]
