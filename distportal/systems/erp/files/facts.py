"""What a dialect reads out of a file, and what it writes into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from distportal.systems.erp.port import FeedKind, OrderDraft, Stage

Action = Literal["order", "change", "cancel"]
LineAction = Literal["new", "changed", "same", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """What the ERP said of one line; what is None stays as it was."""

    line_key: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    confirmed_on: dt.date | None = None
    warehouse: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What the ERP said to an order; lines it does not name stay as they were. `stage` None: no word on that."""

    order_key: str
    number: str = ""
    stage: Stage | None = None
    lines: tuple[ToldLine, ...] = ()
    raw_state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One fact for a feed, in the port's payload shape. `said_at` is the ERP's time of it: an older one is passed over.

    `document` is the sender's own number of the message, which becomes part of the version.
    """

    kind: FeedKind
    erp_id: str
    payload: Mapping[str, Any]
    said_at: dt.datetime | None = None
    order_key: str = ""
    document: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read: where (a row, a segment, or empty for the whole file), why, and its own bytes. `unmapped`
    is the kind and the code that only have to be mapped.
    """

    place: str
    reason: str
    content: bytes = field(repr=False)
    unmapped: tuple[str, str] | None = None


@dataclass(slots=True)
class Parsed:
    """Everything found in one file. `full` names a kind of which the file holds the whole truth."""

    confirmations: list[Confirmation] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    full: FeedKind | None = None
    heading: bytes = b""  # goes before quarantined rows, so that they can be corrected and dropped in again


class Sent(Protocol):
    """What we sent, for a dialect that has to make sense of an answer."""

    def draft(self, order_key: str) -> OrderDraft | None:
        """The order with every line that was ever written of it, as it was written last; or None."""
        ...

    def wanted(self, order_key: str) -> frozenset[str]:
        """The line numbers of the order as it was written last; those of dropped lines are not among them."""
        ...

    def key_of(self, number: str) -> str:
        """Our key of the order that the ERP answered under this number; empty where there is none."""
        ...


class Dialect(Protocol):
    """A kind of files. Parsing never raises for what is in a file: it is told as a fault."""

    feeds: frozenset[FeedKind]
    actions: frozenset[Action]
    suffix: str

    def write(
        self, action: Action, draft: OrderDraft, number: int, now: dt.datetime, before: OrderDraft | None = None
    ) -> bytes:
        """The file of an action; of a change, `before` is what the ERP holds now. Raises Misconfigured for a code that
        nobody mapped.
        """
        ...

    def parse(self, name: str, content: bytes, arrived_at: dt.datetime, sent: Sent) -> Parsed:
        """What the file says."""
        ...
