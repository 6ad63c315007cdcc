"""The calls every CRM answers. Synchronous, made by workers only, never inside a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

ActivityKind = Literal["order", "invoice", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmCapabilities:
    """`key` "enforced": the same key again makes no second activity; "searchable": it can only be looked up.

    `settle` is the longest the CRM may still work on a lost request.
    """

    key: Literal["enforced", "searchable"]
    settle: dt.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that happened with an account, for the timeline that salespeople read.

    `key` (<= 64 of [A-Za-z0-9-]) is ours and made once; `seq` counts what happened to `subject`, so that one that comes
    late can be put in its place.
    """

    key: str
    kind: ActivityKind
    event: str
    account: str
    subject: str
    seq: int
    text: str
    occurred_at: dt.datetime
    by: str = ""
    order_number: str = ""
    po_number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityState:
    """An activity as the CRM holds it under its own `id`."""

    key: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmHealth:
    """Whether it answers, and how fast."""

    ok: bool
    version: str
    latency_ms: float


@runtime_checkable
class CrmPort(Protocol):
    """What we ask of a CRM. Raises the errors of distportal.systems.errors."""

    def capabilities(self) -> CrmCapabilities:
        """What it can do; makes no call."""
        ...

    def health(self) -> CrmHealth:
        """Whether it answers now."""
        ...

    def find_activity(self, key: str) -> Sequence[ActivityState]:
        """ALL that it holds under the key, so that duplicates are seen."""
        ...

    def put_activity(self, activity: Activity) -> ActivityState:
        """The activity is there under its key. Raises Conflict for the same key with other content."""
        ...
