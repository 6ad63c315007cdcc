"""The state of an order out of what we sent and what came in."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from decimal import Decimal

from distportal.canonical.base import from_json, to_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.files.facts import Confirmation, ToldLine
from distportal.systems.erp.files.line_changes import line_changes
from distportal.systems.erp.files.outbox import draft_of
from distportal.systems.erp.files.store import Row, Tx
from distportal.systems.erp.port import ConfirmedLine, OrderDraft, OrderState, Stage

_PAYLOADS = "SELECT payload, said_at FROM record WHERE order_key = ? AND kind = ? AND latest = 1 AND deleted = 0"
_SAID = "SELECT said, at FROM confirmation WHERE order_key = ? ORDER BY id"


def order_state(tx: Tx, order_key: str, sent: list[Row]) -> OrderState | None:
    """The order as far as we know; None where it was not sent. `as_of` of an unanswered one is when it was written."""
    first = next((row for row in sent if row["action"] == "order"), None)
    if first is None:
        return None
    said = tx.rows(_SAID, order_key)
    told = [from_json(Confirmation, json.loads(item["said"])) for item in said]
    draft = _in_force(sent, said, told)
    shipments = [from_json(Shipment, json.loads(r["payload"])) for r in tx.rows(_PAYLOADS, order_key, "shipment")]
    invoices = [from_json(Invoice, json.loads(r["payload"])) for r in tx.rows(_PAYLOADS, order_key, "invoice")]
    lines = _lines(draft, told)
    stage = _stage(told, lines, shipments, invoices)
    if stage == "rejected" and any(row["action"] == "cancel" and row["sent_at"] < said[-1]["at"] for row in sent):
        stage = "cancelled"  # it refuses all lines because we asked it to
    number = next((c.number for c in reversed(told) if c.number), "")
    latest = told[-1] if told else None
    return OrderState(
        order_key=order_key,
        erp_id=order_key,
        number=number or str(first["name"]),
        stage=stage,
        as_of=dt.datetime.fromisoformat(said[-1]["at"] if said else first["sent_at"]),
        total=sum((line.quantity * line.unit_price for line in lines), Decimal(0)),
        content_hash=draft.content_hash,
        lines=lines,
        raw_state=(latest.raw_state if latest else "") or stage,
        reason=(latest.reason if latest else "") or ("" if told else f"written as {first['name']}, no answer yet"),
    )


def answered(tx: Tx, order_key: str, since: str) -> bool:
    """Whether the ERP said anything to the order after that time."""
    return any(row["at"] > since for row in tx.rows(_SAID, order_key))


def _in_force(sent: list[Row], said: list[Row], told: list[Confirmation]) -> OrderDraft:
    """What the ERP holds: the order, then each change that a later answer fits."""
    draft = draft_of(next(row for row in sent if row["action"] == "order"))
    for row in sent:
        if row["action"] == "change":
            changed = draft_of(row)
            later = (c for at, c in zip(said, told, strict=True) if at["at"] > row["sent_at"])
            if any(_fits(answer, changed, draft) for answer in later):
                draft = changed
    return draft


def _fits(answer: Confirmation, changed: OrderDraft, before: OrderDraft) -> bool:
    """Whether the answer grants the change: it names what the change touches, or the whole order; it confirms no line
    that the change drops, and none at more than the change leaves of it.
    """
    wanted = {line.line_key: line.quantity for line in changed.lines}
    touched = {i.line.line_key for i in line_changes("change", changed, before) if i.action != "same"}
    named = {line.line_key for line in answer.lines}
    if not (touched <= named or wanted.keys() <= named):
        return False
    return all((line.quantity or 0) <= wanted.get(line.line_key, 0) for line in answer.lines)


def order_json(state: OrderState) -> dict[str, object]:
    """The payload of the order feed."""
    return dict(to_json(state))


def _lines(draft: OrderDraft, told: list[Confirmation]) -> tuple[ConfirmedLine, ...]:
    lines = {
        line.line_key: ConfirmedLine(
            line_key=line.line_key, quantity=line.quantity, unit_price=line.unit_price or Decimal(0),
            confirmed_on=line.requested_on or draft.requested_on, warehouse=line.warehouse,
        )
        for line in draft.lines
    }  # fmt: skip
    for confirmation in told:
        for said in confirmation.lines:
            if before := lines.get(said.line_key):
                lines[said.line_key] = _told(before, said)
    return tuple(lines.values())


def _told(before: ConfirmedLine, said: ToldLine) -> ConfirmedLine:
    return ConfirmedLine(
        line_key=before.line_key,
        quantity=before.quantity if said.quantity is None else said.quantity,
        unit_price=before.unit_price if said.unit_price is None else said.unit_price,
        confirmed_on=said.confirmed_on or before.confirmed_on,
        warehouse=said.warehouse or before.warehouse,
    )


def _stage(
    told: list[Confirmation], lines: tuple[ConfirmedLine, ...], shipments: list[Shipment], invoices: list[Invoice]
) -> Stage:
    stage = next((c.stage for c in reversed(told) if c.stage), None)
    if stage in ("rejected", "cancelled", "closed"):
        return stage
    billed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        for line in invoice.lines:
            billed[line.order_line_no] += line.quantity
    if invoices and all(billed[line.line_key] >= line.quantity for line in lines):
        return "closed"
    if shipments or invoices:
        return "in_fulfilment"
    return stage or ("accepted" if told else "received")
