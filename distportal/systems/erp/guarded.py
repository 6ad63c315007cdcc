"""An ERP adapter with the guard around each of its calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Literal

from distportal.systems.erp.coding import Coding
from distportal.systems.erp.port import (
    Capabilities,
    Change,
    DraftLine,
    ErpDocument,
    ErpPort,
    FeedKind,
    Health,
    KeepsFiles,
    OrderDraft,
    OrderState,
    Page,
    SetAside,
    SnapshotKind,
)
from distportal.systems.errors import Misconfigured
from distportal.systems.guard import Limits, guarded


class GuardedErp:
    """The port again; besides the adapter's errors every call can be Transient without having been made.

    `tables` puts the connection's mapping tables in force for one call; `translates` are the kinds of codes that the
    adapter looks up itself.
    """

    def __init__(
        self,
        adapter: ErpPort,
        limits: Limits,
        *,
        tables: Callable[[], AbstractContextManager[None]] = nullcontext,
        translates: frozenset[str] = frozenset(),
    ) -> None:
        self._adapter = adapter
        self._limits = limits
        self._tables = tables
        self._coding = Coding(translates)

    def capabilities(self) -> Capabilities:
        """As the adapter says; makes no call."""
        return self._adapter.capabilities()

    def health(self) -> Health:
        """Guarded read."""
        with guarded(self._limits, "health", "read"):
            return self._adapter.health()

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """Guarded read."""
        with guarded(self._limits, "find_order", "read", order_key), self._tables():
            return [self._coding.state(state) for state in self._adapter.find_order(order_key)]

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Guarded write."""
        pace = f"advance_order/{known.stage if known else 'new'}"
        with guarded(self._limits, "advance_order", "write", draft.order_key, pace=pace), self._tables():
            return self._coding.state(self._adapter.advance_order(self._coding.draft(draft), known))

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """Guarded write."""
        with guarded(self._limits, "request_cancel", "write", order_key), self._tables():
            return self._coding.state(self._adapter.request_cancel(order_key, reason))

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """Guarded write."""
        with guarded(self._limits, "request_change", "write", draft.order_key), self._tables():
            return self._coding.state(self._adapter.request_change(self._coding.draft(draft), replaces))

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """Guarded read."""
        with guarded(self._limits, "changes", "read", kind), self._tables():
            return self._coding.page(self._adapter.changes(kind, cursor, limit))

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """Every page is a guarded read of its own; no slot is held while the caller works on a page."""
        with self._tables():
            pages = iter(self._adapter.snapshot(kind, self._coding.scope(scope)))
        while True:
            with guarded(self._limits, "snapshot", "read", kind), self._tables():
                page = next(pages, None)
                told = None if page is None else self._coding.changes(page)
            if told is None:
                return
            yield told

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """Guarded read."""
        coding = self._coding
        with guarded(self._limits, "quote_price", "read", customer), self._tables():
            quoted = self._adapter.quote_price(coding.customer(customer), coding.lines(lines), on)
        prices = {line.line_key: line.unit_price for line in quoted}
        return [replace(line, unit_price=prices[line.line_key]) for line in lines if line.line_key in prices]

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """Guarded read."""
        with guarded(self._limits, "document", "read", erp_id):
            return self._adapter.document(kind, erp_id)

    def sent_file(self, order_key: str) -> ErpDocument:
        """The bytes that a file adapter wrote. Raises Misconfigured for an adapter that writes no files."""
        if not isinstance(self._adapter, KeepsFiles):
            raise Misconfigured("erp.not_offered", "this ERP connection writes no files")
        with guarded(self._limits, "sent_file", "read", order_key):
            return self._adapter.sent_file(order_key)

    def set_aside(self, cursor: str) -> tuple[Sequence[SetAside], str]:
        """The files with faults since the cursor; none, and no call, for an adapter that reads no files."""
        if not isinstance(self._adapter, KeepsFiles):
            return (), cursor
        with guarded(self._limits, "set_aside", "read"), self._tables():
            return self._adapter.set_aside(cursor)

    def read_again(self, file: str) -> bool:
        """Whether what was set aside of the file is read again. Raises Misconfigured for an adapter without files."""
        if not isinstance(self._adapter, KeepsFiles):
            raise Misconfigured("erp.not_offered", "this ERP connection reads no files")
        with guarded(self._limits, "read_again", "read", file):
            return self._adapter.read_again(file)
