"""An ERP adapter with the guard around each of its calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from distportal.systems.erp.port import (
    Capabilities,
    Change,
    DraftLine,
    ErpDocument,
    ErpPort,
    FeedKind,
    Health,
    OrderDraft,
    OrderState,
    Page,
    SnapshotKind,
)
from distportal.systems.guard import Limits, guarded


class GuardedErp:
    """The port again; besides the adapter's errors every call can be Transient without having been made."""

    def __init__(self, adapter: ErpPort, limits: Limits) -> None:
        self._adapter = adapter
        self._limits = limits

    def capabilities(self) -> Capabilities:
        """As the adapter says; makes no call."""
        return self._adapter.capabilities()

    def health(self) -> Health:
        """Guarded read."""
        with guarded(self._limits, "health", "read"):
            return self._adapter.health()

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """Guarded read."""
        with guarded(self._limits, "find_order", "read", order_key):
            return self._adapter.find_order(order_key)

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Guarded write."""
        pace = f"advance_order/{known.stage if known else 'new'}"
        with guarded(self._limits, "advance_order", "write", draft.order_key, pace=pace):
            return self._adapter.advance_order(draft, known)

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """Guarded write."""
        with guarded(self._limits, "request_cancel", "write", order_key):
            return self._adapter.request_cancel(order_key, reason)

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """Guarded write."""
        with guarded(self._limits, "request_change", "write", draft.order_key):
            return self._adapter.request_change(draft, replaces)

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """Guarded read."""
        with guarded(self._limits, "changes", "read", kind):
            return self._adapter.changes(kind, cursor, limit)

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Every page is a guarded read of its own; no slot is held while the caller works on a page."""
        pages = iter(self._adapter.snapshot(kind, scope))
        while True:
            with guarded(self._limits, "snapshot", "read", kind):
                page = next(pages, None)
            if page is None:
                return
            yield page

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """Guarded read."""
        with guarded(self._limits, "quote_price", "read", customer):
            return self._adapter.quote_price(customer, lines, on)

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """Guarded read."""
        with guarded(self._limits, "document", "read", erp_id):
            return self._adapter.document(kind, erp_id)
