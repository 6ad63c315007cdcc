"""The ten calls over a folder. The ERP answers when it likes; nothing is ever written twice (`ack_only`)."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from distportal.systems.erp.files.facts import Action, Dialect
from distportal.systems.erp.files.folder import Folder
from distportal.systems.erp.files.inbox import Inbox
from distportal.systems.erp.files.outbox import Outbox, draft_of
from distportal.systems.erp.files.rollup import answered, order_state
from distportal.systems.erp.files.store import Row, Store
from distportal.systems.erp.port import (
    Capabilities,
    Change,
    DraftLine,
    ErpDocument,
    FeedKind,
    Health,
    OrderDraft,
    OrderState,
    Page,
    SetAside,
    SnapshotKind,
    is_made,
)
from distportal.systems.errors import Conflict, Misconfigured, OutOfStep, Rejected, UnknownOutcome

PAGE_SIZE = 500
_FEED = "SELECT * FROM record WHERE kind = ? AND latest = 1 AND id > ? ORDER BY id LIMIT ?"

_FAULTS = (
    "SELECT fault.id, arrival, name, place, reason, kind, code FROM fault JOIN arrival ON arrival.id = fault.arrival"
    " LEFT JOIN fault_code ON fault_code.fault = fault.id"
    " WHERE fault.id > ? ORDER BY fault.id LIMIT ?"
)


class FileErp:
    """A folder with one dialect. Several workers of one machine may use it at once."""

    def __init__(self, folder: Folder, dialect: Dialect, *, answer_within: dt.timedelta) -> None:
        self._folder = folder
        self._dialect = dialect
        self._within = answer_within
        self._store = Store(folder.state / "state.sqlite3")
        self._outbox = Outbox(folder, self._store, dialect)
        self._inbox = Inbox(folder, self._store, dialect)

    def capabilities(self) -> Capabilities:
        """Answers by file only: never resend by machine. Prices come as a file or not at all."""
        return Capabilities(
            order_key="ack_only",
            feed="cursor",
            price="snapshot_file" if "price" in self._dialect.feeds else "none",
            max_order_lines=500,
            page_size=PAGE_SIZE,
            writes_per_minute=600,
            settle=dt.timedelta(seconds=1),
            feed_overlap=dt.timedelta(0),
            feeds=self._dialect.feeds,
            credit_requests=False,
            answer_within=self._within,
        )

    def health(self) -> Health:
        """Whether the folder can be used, and what lies in it. There is no clock to compare."""
        began = time.monotonic()
        self._folder.prepare()
        found, aside = self._folder.look(), len(list(self._folder.quarantine.glob("*.why.txt")))
        took = (time.monotonic() - began) * 1000
        detail = f"{found}; {aside} files with faults in {self._folder.quarantine}"
        return Health(ok=True, version="files", latency_ms=took, clock_skew_s=0.0, detail=detail)

    def find_order(self, order_key: str) -> Sequence[OrderState]:
        """The order as we wrote it and as the ERP's files answered; at most one, for the key names the file."""
        self._read()
        state = self._state(order_key)
        return [state] if state else []

    def advance_order(self, draft: OrderDraft, known: OrderState | None) -> OrderState:
        """Write the order's file if none is out; then only the ERP's answer brings it on."""
        if draft.kind != "order":
            raise Misconfigured("erp.not_offered", "this ERP takes no credit requests by file")
        for line in draft.lines:
            if line.unit_price is None:
                raise Rejected("erp.price_missing", f"line {line.line_key} has no agreed price to send")
        self._read()
        held = self._state(draft.order_key)
        if held is None:
            self._outbox.put("order", draft, draft.content_hash)
            return self._present(draft.order_key)
        if held.content_hash != draft.content_hash:
            raise Conflict("erp.content_differs", f"{draft.order_key} was written with other content")
        return held

    def request_cancel(self, order_key: str, reason: str) -> OrderState:
        """The state after the ERP's answer. Raises UnknownOutcome while there is none; the file is written once."""
        self._offered("cancel")
        self._read()
        state = self._present(order_key)
        if state.stage not in ("received", "draft", "accepted"):
            return state
        return self._answer_to(self._outbox.put("cancel", self._held(state), "cancel"), order_key)

    def request_change(self, draft: OrderDraft, replaces: str) -> OrderState:
        """The order with the draft's content once the ERP's answer fits it; UnknownOutcome while there is none."""
        self._offered("change")
        self._read()
        state = self._present(draft.order_key)
        if is_made(state, draft, replaces):
            return state
        if state.stage not in ("received", "draft", "accepted"):
            raise Rejected("erp.state_conflict", f"{draft.order_key} is {state.stage} and cannot be changed by file")
        row = self._outbox.put("change", draft, draft.content_hash, self._held(state))
        return self._answer_to(row, draft.order_key)

    def changes(self, kind: FeedKind, cursor: str | None, limit: int) -> Page:
        """What came in since; an order also changes by its shipments and invoices."""
        self._has(kind)
        self._read()
        after = self._after(cursor)
        with self._store.write() as tx:
            rows = tx.rows(_FEED, kind, after, limit + 1)
        page = rows[:limit]
        last = page[-1]["id"] if page else after
        found = tuple(_change(row) for row in page)
        return Page(changes=found, next_cursor=f"{self._store.identity}:{last}", more=len(rows) > limit)

    def snapshot(self, kind: SnapshotKind, scope: Mapping[str, str]) -> Iterator[Sequence[Change]]:
        """The latest of every record that the files told, page by page."""
        self._has(kind)
        self._read()
        wanted = {name: value.split(",") for name, value in scope.items() if value}
        after = 0
        while True:
            with self._store.write() as tx:
                rows = tx.rows(_FEED, kind, after, PAGE_SIZE)
            changes = [_change(row) for row in rows if not row["deleted"]]
            yield [c for c in changes if all(c.payload.get(name) in values for name, values in wanted.items())]
            if len(rows) < PAGE_SIZE:
                return
            after = rows[-1]["id"]

    def quote_price(self, customer: str, lines: Sequence[DraftLine], on: dt.date) -> Sequence[DraftLine]:
        """Files cannot be asked. Raises Misconfigured."""
        raise Misconfigured("erp.not_offered", "prices come by file; an ERP behind files cannot be asked for one")

    def document(self, kind: Literal["invoice_pdf", "packing_slip"], erp_id: str) -> ErpDocument:
        """There are no prints. Raises Misconfigured."""
        raise Misconfigured("erp.not_offered", "an ERP behind files has no prints")

    def sent_file(self, order_key: str) -> ErpDocument:
        """The exact bytes of the order's file. Raises Rejected `erp.order_unknown` where none was written."""
        for row in self._outbox.of(order_key):
            return ErpDocument(mime="application/octet-stream", content=bytes(row["content"]))
        raise Rejected("erp.order_unknown", f"no file was written for {order_key}")

    def set_aside(self, cursor: str) -> tuple[Sequence[SetAside], str]:
        """The files with faults since the cursor, one entry for each file of this page."""
        self._read()
        identity, _, last = cursor.partition(":")
        after = int(last) if identity == self._store.identity and last.isdigit() else 0
        with self._store.write() as tx:
            rows = tx.rows(_FAULTS, after, PAGE_SIZE)
        files: dict[str, list[tuple[str, str]]] = {}
        codes: dict[str, dict[tuple[str, str], None]] = {}
        for row in rows:
            name = f"{row['arrival']:09d}-{row['name']}"
            files.setdefault(name, []).append((row["place"], row["reason"]))
            if row["code"]:
                codes.setdefault(name, {})[row["kind"], row["code"]] = None
        found = tuple(
            SetAside(file=name, faults=tuple(faults), unmapped=tuple(codes.get(name, ())))
            for name, faults in files.items()
        )
        return found, f"{self._store.identity}:{rows[-1]['id'] if rows else after}"

    def read_again(self, file: str) -> bool:
        """Whether what was set aside of the file is there, and has been put where it is read again."""
        self._folder.prepare()
        return self._folder.take_back(file)

    def _read(self) -> None:
        self._folder.prepare()
        self._inbox.take_in()

    def _state(self, order_key: str) -> OrderState | None:
        sent = self._outbox.of(order_key)
        with self._store.write() as tx:
            return order_state(tx, order_key, sent)

    def _present(self, order_key: str) -> OrderState:
        state = self._state(order_key)
        if state is None:
            raise Rejected("erp.order_unknown", f"no order with the key {order_key} was written")
        return state

    def _held(self, state: OrderState) -> OrderDraft:
        rows = self._outbox.of(state.order_key)
        return next(draft_of(row) for row in reversed(rows) if row["content_hash"] == state.content_hash)

    def _answer_to(self, row: Row, order_key: str) -> OrderState:
        state = self._present(order_key)
        with self._store.write() as tx:
            if state.stage == "cancelled" or answered(tx, order_key, row["sent_at"]):
                return state
        raise UnknownOutcome("erp.not_answered", f"{row['name']} is written and the ERP has not answered it yet")

    def _has(self, kind: str) -> None:
        if kind not in self._dialect.feeds:
            raise Misconfigured("erp.not_offered", f"this ERP sends no {kind} files")

    def _offered(self, action: Action) -> None:
        if action not in self._dialect.actions:
            raise Rejected(f"erp.{action}_not_offered", f"this ERP takes no {action} by file: ask its people to do it")

    def _after(self, cursor: str | None) -> int:
        if not cursor:
            return 0
        identity, _, last = cursor.partition(":")
        if identity != self._store.identity or not last.isdigit():
            raise OutOfStep("erp.cursor_unknown", f"this cursor is not of this folder: {cursor[:60]!r}")
        return int(last)


def _change(row: Row) -> Change:
    return Change(
        kind=row["kind"],
        erp_id=row["erp_id"],
        version=row["version"],
        occurred_at=dt.datetime.fromisoformat(row["said_at"]),
        payload=json.loads(row["payload"]),
        deleted=bool(row["deleted"]),
    )
