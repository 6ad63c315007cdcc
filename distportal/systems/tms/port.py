"""What we ask of a carrier or transport system. Synchronous, made by workers only, never inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from distportal.systems.health import SystemHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class TmsCapabilities:
    """`feed` "cursor": it can be polled; "push": it only tells by webhook."""

    feed: Literal["cursor", "push"]
    page_size: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TmsEvent:
    """One message, known by `event_id` for ever whatever way it comes; `payload` as in docs/tms-rest.openapi.yaml."""

    event_id: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TmsPage:
    """Events and the cursor to store in the transaction that keeps them."""

    events: tuple[TmsEvent, ...]
    next_cursor: str
    more: bool


@runtime_checkable
class TmsPort(Protocol):
    """Reads only: nothing is asked of a carrier. Raises the errors of distportal.systems.errors."""

    def capabilities(self) -> TmsCapabilities:
        """What it can do; makes no call."""
        ...

    def health(self) -> SystemHealth:
        """Whether it answers now."""
        ...

    def events(self, cursor: str | None, limit: int) -> TmsPage:
        """What happened since the cursor; None is the start of history. The same event may come again."""
        ...

    def webhook_secret(self) -> str:
        """The secret that signs what it posts to us; empty where it posts nothing."""
        ...
