"""Flat files of a declared layout: one file for each order, and what the ERP writes back."""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any

from distportal.systems.erp.csv_file import readers
from distportal.systems.erp.csv_file.fields import CODES, NEEDED
from distportal.systems.erp.csv_file.layouts import Column, Layout
from distportal.systems.erp.csv_file.rows import BadFile, Cut, cut, decoded, heading, written
from distportal.systems.erp.csv_file.values import text, value
from distportal.systems.erp.files.codes import Codes, unmapped_in
from distportal.systems.erp.files.facts import Action, Fault, Parsed, Sent
from distportal.systems.erp.files.line_changes import LineChange, line_changes
from distportal.systems.erp.port import FeedKind, OrderDraft, Stage
from distportal.systems.errors import Rejected

_FEEDS: tuple[FeedKind, ...] = ("shipment", "invoice", "stock", "price", "item", "customer")


class CsvDialect:
    """Changes and cancellations are offered where the order layout has a column for the action."""

    def __init__(
        self, layouts: Mapping[str, Layout], codes: Codes, statuses: Mapping[str, Stage], currency: str, net_days: int,
        suffix: str,
    ) -> None:  # fmt: skip
        self._layouts = layouts
        self._codes = codes
        self._statuses = dict(statuses)
        self._currency = currency
        self._net_days = net_days
        self.suffix = suffix
        self.feeds: frozenset[FeedKind] = frozenset(("order", *(kind for kind in _FEEDS if kind in layouts)))
        tells = any(column.field == "action" for column in layouts["order"].columns)
        self.actions: frozenset[Action] = frozenset(("order", "change", "cancel") if tells else ("order",))

    def write(
        self, action: Action, draft: OrderDraft, number: int, now: dt.datetime, before: OrderDraft | None = None
    ) -> bytes:
        """One row for each line, and for each that a change drops where the layout tells what is done to a line.

        Raises Rejected for a text that the layout cannot hold.
        """
        layout = self._layouts["order"]
        changes = line_changes(action, draft, before)
        if not any(column.field == "line_action" for column in layout.columns):
            changes = [change for change in changes if change.line in draft.lines]
        rows = [[self._cell(layout, c, self._facts(action, draft, change, now)) for c in layout.columns]
                for change in changes]  # fmt: skip
        try:
            return written(layout, rows)
        except BadFile as error:
            raise Rejected("erp.not_writable", f"the order does not fit the file: {error}") from error

    def _facts(self, action: Action, draft: OrderDraft, change: LineChange, now: dt.datetime) -> dict[str, Any]:
        line = change.line
        return {
            "action": action, "line_action": change.action, "order_key": draft.order_key,
            "content_hash": draft.content_hash,
            "customer": draft.customer, "ship_to": draft.ship_to, "customer_po": draft.customer_po,
            "currency": draft.currency, "note": " ".join(draft.note.split()), "written_at": now,
            "line_count": len(draft.lines), "line_key": line.line_key, "sku": line.sku, "quantity": line.quantity,
            "unit": line.unit, "unit_price": line.unit_price, "warehouse": line.warehouse,
            "amount": line.quantity * line.unit_price if line.unit_price is not None else None,
            "requested_on": line.requested_on or draft.requested_on,
            "ship_complete": "yes" if draft.ship_complete else "", "with_rest": "yes" if line.with_rest else "",
        }  # fmt: skip

    def _cell(self, layout: Layout, column: Column, facts: dict[str, Any]) -> str:
        if not column.field:
            return column.constant
        given = facts[column.field]
        if column.field in CODES:
            given = self._codes.theirs(CODES[column.field], given)
        words = {ours: theirs for theirs, ours in column.values.items()}
        made = text(layout, column.field, given)
        return words.get(made, made) or column.constant

    def parse(self, name: str, content: bytes, arrived_at: dt.datetime, sent: Sent) -> Parsed:
        """The facts of a file whose name fits a layout; every bad row with its reason."""
        layout = next((i for i in self._layouts.values() if i.files and fnmatch.fnmatch(name, i.files)), None)
        if layout is None:
            return Parsed(faults=[Fault("", "the name fits no layout's files", content)])
        try:
            whole = decoded(layout, content)
            cuts = list(cut(layout, whole))
        except BadFile as error:
            return Parsed(faults=[Fault("", str(error), content)])
        parsed = Parsed(heading=heading(layout, whole).encode(layout.encoding))
        reading = readers.Reading(
            arrived_at=arrived_at, currency=self._currency, net_days=self._net_days, statuses=self._statuses
        )
        self._enter(layout, cuts, reading, parsed)
        parsed.full = "price" if layout.full else None
        if not parsed.faults:
            parsed.heading = b""
        return parsed

    def _enter(self, layout: Layout, cuts: list[Cut], reading: readers.Reading, parsed: Parsed) -> None:
        for rows in self._groups(layout, cuts):
            try:
                typed = [self._typed(layout, row) for row in rows]
                if layout.kind == "confirmation":
                    parsed.confirmations.append(readers.confirmation(typed, reading))
                elif layout.kind in readers.GROUPED:
                    parsed.records.append(readers.GROUPED[layout.kind][1](typed, reading))
                else:
                    parsed.records.append(readers.SINGLE[layout.kind](typed[0], reading))
            except (ValueError, ArithmeticError, OverflowError) as error:
                raw = "".join(row.raw for row in rows).encode(layout.encoding)
                parsed.faults.append(Fault(_place(rows), str(error), raw, unmapped_in(error)))

    def _groups(self, layout: Layout, cuts: list[Cut]) -> list[list[Cut]]:
        """The rows of each document, or each row alone."""
        key = "order_key" if layout.kind == "confirmation" else readers.GROUPED.get(layout.kind, ("",))[0]
        groups: dict[str, list[Cut]] = {}
        for n, row in enumerate(cuts):
            name = row.texts.get(key, "") if key else ""
            groups.setdefault(name or f"row {n}", []).append(row)
        return list(groups.values())

    def _typed(self, layout: Layout, row: Cut) -> dict[str, Any]:
        if row.trouble:
            raise ValueError(f"line {row.line}: {row.trouble}")
        values = {}
        for field, given in row.texts.items():
            try:
                read = value(layout, field, given)
                values[field] = self._codes.ours(CODES[field], read) if field in CODES else read
            except ValueError as error:
                raise ValueError(f"line {row.line}: {error}") from error
        if missing := [name for name in sorted(NEEDED[layout.kind]) if values.get(name) in (None, "")]:
            raise ValueError(f"line {row.line}: {', '.join(missing)} is blank")
        return values


def _place(rows: Sequence[Cut]) -> str:
    lines = [row.line for row in rows]
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
