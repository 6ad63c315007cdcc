"""The ten calls every ERP adapter answers. All are synchronous, made by workers only, never inside a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol, get_args, runtime_checkable

from distportal.systems.errors import Conflict, Rejected

FeedKind = Literal["order", "shipment", "invoice", "stock", "price", "item", "customer"]
SnapshotKind = Literal["stock", "price", "item", "customer"]
DraftKind = Literal["order", "credit_request", "debit_request"]
Stage = Literal["received", "draft", "accepted", "in_fulfilment", "closed", "rejected", "cancelled"]

ALL_FEEDS: frozenset[FeedKind] = frozenset(get_args(FeedKind))

# The stages in which the ERP is bound to the order: nothing is left for advance_order to do.
SETTLED_STAGES: frozenset[str] = frozenset({"accepted", "in_fulfilment", "closed", "rejected", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this ERP can do; the worker's timing follows it. A feed that is not in `feeds` raises Misconfigured.

    `answer_within` is set where the ERP answers by file: later than that an unanswered order is a person's business.
    `warehouse_of` says whether each line names its warehouse, or one warehouse sends all of an order.
    """

    order_key: Literal["enforced", "searchable", "ack_only"]
    feed: Literal["cursor", "push", "snapshot_only"]
    price: Literal["per_customer", "price_lists", "snapshot_file", "none"]
    max_order_lines: int
    page_size: int
    writes_per_minute: int
    settle: dt.timedelta
    feed_overlap: dt.timedelta
    feeds: frozenset[FeedKind] = ALL_FEEDS
    credit_requests: bool = True
    answer_within: dt.timedelta | None = None
    warehouse_of: Literal["line", "order"] = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One line to write or price, in the portal's SKU and unit codes: the adapter translates.

    `part_of` is set where several warehouses send one line of ours: each part is a line here with a key of its own, and
    this names the line it is of. Adapters send the parts as lines like any other. `with_rest` says that the line leaves
    together with the rest of its order, whichever is there first.
    """

    line_key: str
    sku: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    warehouse: str = ""
    requested_on: dt.date | None = None
    part_of: str = ""
    with_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """A document the ERP shall hold once. `order_key` (<= 35 of [A-Z0-9-]) is made once and goes into every reference
    field; `content_hash` guards it: the same key with another hash is a Conflict.

    `kind` "credit_request" asks for a credit memo against `invoice_number` (SAP's order type CR is the model), and
    "debit_request" for a debit memo against the credit memo of that number, which is taken back (SAP's type DR).
    `ship_complete` says that nothing leaves before all of it is there; `note` says it, too, for ERPs without a field.
    """

    order_key: str
    content_hash: str
    customer: str
    ship_to: str
    currency: str
    lines: tuple[DraftLine, ...]
    kind: DraftKind = "order"
    customer_po: str = ""
    requested_on: dt.date | None = None
    note: str = ""
    invoice_number: str = ""
    reason: str = ""
    ship_complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """What the ERP holds for one line: price and quantity as stored there, and the date it confirms."""

    line_key: str
    quantity: Decimal
    unit_price: Decimal
    confirmed_on: dt.date | None = None
    warehouse: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """An ERP order as read back. `as_of` is the ERP's clock; `raw_state` its own word, shown as is."""

    order_key: str
    erp_id: str
    number: str
    stage: Stage
    as_of: dt.datetime
    total: Decimal
    content_hash: str = ""
    lines: tuple[ConfirmedLine, ...] = ()
    raw_state: str = ""
    allocated_at: dt.datetime | None = None  # when its stock figures began to include the order
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact of the feed. `version` is opaque and grows; an equal version means nothing new.

    `payload` has the port's own shapes, in portal codes (see docs/erp-port.md):
    item, stock, price, customer: flat dicts; order: OrderState as JSON; shipment, invoice: canonical JSON.
    """

    kind: FeedKind
    erp_id: str
    version: str
    occurred_at: dt.datetime
    payload: Mapping[str, Any]
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Changes and the cursor to store in the same transaction as their effects."""

    changes: tuple[Change, ...]
    next_cursor: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the ERP answers, how fast, and how far its clock is from ours (seconds, theirs minus ours)."""

    ok: bool
    version: str
    latency_ms: float
    clock_skew_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErpDocument:
    """A file the ERP made."""

    mime: str
    content: bytes = field(repr=False)


@runtime_checkable
class ErpPort(Protocol):
    """What the portal asks of an ERP; every write is repeatable. Raises the errors of distportal.systems.errors."""

    def capabilities(self) -> Capabilities:
        """What this ERP can do."""
        ...

    def health(self) -> Health:
        """Whether it answers now."""
        ...

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """ALL matches of the key, so that duplicates are seen."""
        ...

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Do at most ONE step for this key and return the state read back."""
        ...

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """Ask for cancellation; the state read back tells whether it was granted."""
        ...

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """Ask that the order of the draft's key holds the draft's lines; what it leaves out is deleted as far as it has
        not left. `replaces` is the `content_hash` it holds now; granted, it holds the draft's. Raises Rejected where
        the ERP says no, Conflict where it holds something else.
        """
        ...

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """What changed since the cursor; None is the start of history."""
        ...

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """The full truth of one kind, page by page; `scope` may name `sku` (several with commas), `warehouse` or
        `account`. What the ERP does not know has no rows.
        """
        ...

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """The ERP's own price for each line."""
        ...

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """A file of the ERP's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What of one file that came in could not be read: `file` as it is named in quarantine, each place with why, and
    the codes (kind, their code) that have to be mapped.
    """

    file: str
    faults: tuple[tuple[str, str], ...]
    unmapped: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class KeepsFiles(Protocol):
    """What an adapter adds that works by files, for the people who have to look after them."""

    def sent_file(self, order_key: str) -> ErpDocument:
        """The exact bytes that were written for the order. Raises Rejected where none were."""
        ...

    def set_aside(self, cursor: str) -> tuple[Sequence[SetAside], str]:
        """The files with faults since the cursor, and the next cursor. A cursor of another state starts anew."""
        ...

    def read_again(self, file: str) -> bool:
        """Whether what was set aside of the file, named as in SetAside, is there and will be read again."""
        ...


def the_one(found: Sequence[OrderState]) -> OrderState | None:
    """The live order among all matches of a key, else the last cancelled one, else None.

    Raises Conflict `erp.duplicate_order` where the ERP holds several: a person decides which of them counts.
    """
    live = [state for state in found if state.stage != "cancelled"]
    if len(live) > 1:
        numbers = ", ".join(state.number for state in live)
        raise Conflict("erp.duplicate_order", f"the ERP holds {live[0].order_key} more than once: {numbers}")
    return live[0] if live else (found[-1] if found else None)


def is_made(found: OrderState, draft: OrderDraft, replaces: str) -> bool:
    """Whether the ERP holds the change already; False where it can be asked for. Raises Conflict where it holds neither
    what the change replaces nor what it makes, Rejected for an order that is over.
    """
    if found.content_hash == draft.content_hash and found.stage != "cancelled":
        return True
    if found.stage in ("rejected", "closed", "cancelled"):
        raise Rejected("erp.state_conflict", f"{draft.order_key} is {found.stage} and cannot be changed any more")
    if found.content_hash != replaces:
        raise Conflict("erp.content_differs", f"{draft.order_key} holds other content than the change replaces")
    return False
