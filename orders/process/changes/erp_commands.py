"""Ask the ERP to change or cancel an order that it has: the command is written with the decision, once per change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from distportal.canonical.base import content_hash, to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from distportal.events.jobs import enqueue_job
from distportal.systems.erp.port import DraftLine, OrderDraft
from orders.choices import ChangeStatus, CommandKind, CommandState, LineStatus
from orders.models import ChangeRequest, ErpCommand, Order, OrderLine
from orders.process.changes.erp_parts import of_fact
from orders.process.changes.outcomes import move_change
from orders.process.changes.planning import Plan
from orders.process.commands import SEND_JOB
from orders.process.erp_lines import erp_lines, part_keys
from orders.process.evaluation import evaluate_order
from orders.process.rules import LineFacts
from orders.queries.commands import draft_in_force


def ask_erp(change: ChangeRequest, order: Order, commands: list[ErpCommand], plan: Plan) -> ErpCommand:
    """The command of the change; asked again after a refusal it is the same one with today's content."""
    main = next(c for c in commands if c.kind == CommandKind.ORDER)
    held = draft_in_force(commands)
    if plan.cancels:
        kind, content = CommandKind.CANCEL, {"order_key": main.order_key, "reason": f"{change}"[:120]}
        digest = content_hash(content)
    else:
        draft = _draft(order, held, plan)
        kind, content, digest = (
            CommandKind.CHANGE,
            {"draft": to_json(draft), "replaces": held.content_hash},
            draft.content_hash,
        )
    row = _store(change, order, commands, kind, content, digest)
    move_change(change, ChangeStatus.SENT)
    enqueue_job(SEND_JOB, key=str(row.pk), payload={"command": str(row.pk)}, share=order.account.code)
    return row


def _store(
    change: ChangeRequest,
    order: Order,
    commands: list[ErpCommand],
    kind: CommandKind,
    content: dict[str, Any],
    digest: str,
) -> ErpCommand:
    known = next((c for c in commands if c.change_id == change.pk), None)
    if known is None:
        number = 1 + sum(c.kind in (CommandKind.CHANGE, CommandKind.CANCEL) for c in commands)
        return ErpCommand.objects.create(
            kind=kind,
            erp=order.erp,
            order=order,
            change=change,
            order_key=f"NL-{order.number}-C{number}",
            content_hash=digest,
            draft=content,
            correlation_id=order.correlation_id,
        )
    if known.state == CommandState.REJECTED:
        known.state, known.error_code, known.error_text, known.settled_at = CommandState.PENDING, "", "", None
        known.kind, known.content_hash, known.draft = kind, digest, content
        known.save()
    return known


def _draft(order: Order, held: OrderDraft, plan: Plan) -> OrderDraft:
    """The whole order as it shall be: touched lines at today's facts, the others as they are."""
    rows = {row.line_no: row for row in order.lines.select_related("item", "warehouse")}
    touched, keys = AskedLines(order, plan), _new_keys(plan, rows.values())
    lines: list[DraftLine] = []
    for asked in plan.target.lines:
        row = rows.get(asked.line_no)
        if row is not None and row.status in (LineStatus.REJECTED, LineStatus.CANCELLED):
            continue
        fact = touched.get(asked.line_no)
        if fact is not None:
            lines += of_fact(fact, row, keys)
        else:
            lines += _of_row(row, asked)
    draft = replace(held, content_hash="", requested_on=plan.target.requested_on, lines=tuple(lines))
    # The change's own place in the row of changes is part of the content: there and back again are two changes.
    return replace(draft, content_hash=content_hash([to_json(draft), order.version]))


class AskedLines:
    """The facts of the lines that a plan touches, read now."""

    def __init__(self, order: Order, plan: Plan) -> None:
        lines = tuple(line for line in plan.target.lines if line.line_no in plan.touched)
        asked: AskedOrder = replace(plan.target, lines=lines)
        evaluation = evaluate_order(order=asked, account=order.account, exclude_order=order) if lines else None
        self._facts = {f.line.line_no: f for f in evaluation.facts.lines} if evaluation else {}

    def get(self, line_no: str) -> LineFacts | None:
        """The facts of one line, None for one that is not touched."""
        return self._facts.get(line_no)


def _of_row(row: OrderLine | None, asked: AskedLine) -> Iterator[DraftLine]:
    if row is None:
        raise ValueError(f"line {asked.line_no} is neither new nor there")
    warehouses = {row.warehouse_id: row.warehouse.code} if row.warehouse_id and row.warehouse else {}
    return erp_lines(row, sku=row.item.sku if row.item else "", warehouses=warehouses)


def _new_keys(plan: Plan, rows: Iterable[OrderLine]) -> Iterator[str]:
    parts = [told["key"] for row in rows for told in row.parts]
    return part_keys([*(line.line_no for line in plan.target.lines), *parts])
