"""The five calls every warehouse system answers. Synchronous, made by workers only, never inside a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from distportal.canonical.warehouse import WarehouseOrder
from distportal.systems.health import SystemHealth

Stage = Literal["received", "picking", "packed", "shipped", "cancelled"]
EventKind = Literal["picked", "packed", "shipped", "cancelled", "stock_adjusted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WmsCapabilities:
    """What this warehouse system can do. `settle` is the longest it may still work on a lost request.

    `feed` "push": it tells by itself (945 files), `events` is not offered.
    """

    feed: Literal["cursor", "push"]
    settle: dt.timedelta
    page_size: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """What the warehouse is asked now. `reference` (<= 22 of [A-Z0-9-]) is ours and made once; under it the highest
    `sequence` is in force, and `content_hash` guards it: the same sequence with another hash is a Conflict.
    """

    reference: str
    sequence: int
    content_hash: str
    order: WarehouseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseState:
    """An instruction as the warehouse holds it; `as_of` is its clock, `number` its own number."""

    reference: str
    sequence: int
    content_hash: str
    stage: Stage
    as_of: dt.datetime
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WmsEvent:
    """One thing that happened there, known by `event_id` for ever. `payload` is told raw, so that one that cannot be
    read holds up no other: `shipped` is a canonical WarehouseShipment, the others see docs/wms-tms.md.
    """

    event_id: str
    kind: str
    reference: str
    occurred_at: dt.datetime
    payload: Mapping[str, Any]

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> WmsEvent:
        """As docs/wms-rest.openapi.yaml has it. Raises KeyError, ValueError or TypeError for what has no id, kind or
        time with an offset.
        """
        at = dt.datetime.fromisoformat(data["occurred_at"])
        if at.tzinfo is None or not isinstance(data["event_id"], str) or not data["event_id"]:
            raise ValueError(f"the event {data['event_id']!r} of {data['occurred_at']} has no id or offset")
        return cls(
            event_id=data["event_id"],
            kind=str(data["kind"]),
            reference=str(data.get("reference") or ""),
            occurred_at=at,
            payload=dict(data.get("payload") or {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WmsPage:
    """Events and the cursor to store in the same transaction as their effects."""

    events: tuple[WmsEvent, ...]
    next_cursor: str
    more: bool


@runtime_checkable
class WmsPort(Protocol):
    """What we ask of a warehouse system; every write is repeatable. Raises the errors of distportal.systems.errors."""

    def capabilities(self) -> WmsCapabilities:
        """What it can do; makes no call."""
        ...

    def health(self) -> SystemHealth:
        """Whether it answers now."""
        ...

    def find_release(self, reference: str) -> Sequence[ReleaseState]:
        """ALL that it holds under the reference, so that duplicates are seen."""
        ...

    def release(self, instruction: Instruction) -> ReleaseState:
        """Pick and ship this. A higher sequence replaces what was asked. Raises Rejected or Conflict where it is too
        late or not wanted there.
        """
        ...

    def cancel(self, instruction: Instruction) -> ReleaseState:
        """Ship nothing of it. Raises Conflict `wms.too_late` where it has left."""
        ...

    def events(self, cursor: str | None, limit: int) -> WmsPage:
        """What happened since the cursor; None is the start of history. The same event may come again."""
        ...
