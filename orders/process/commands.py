"""Ask the ERP for something, once: the command row and its key are written with the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from distportal.canonical.base import content_hash, to_json
from distportal.common.bulk import insert_rows
from distportal.common.money import to_cents
from distportal.events.jobs import JobRequest, enqueue_jobs
from distportal.systems.erp.port import DraftKind, DraftLine, OrderDraft
from orders.choices import CommandKind, CommandState, ReturnWish
from orders.models import Dispute, ErpCommand, Invoice, ReturnCredit
from orders.process.deciding import Decision
from orders.process.erp_lines import erp_lines, erp_unit_of
from orders.process.shipping import shipping_note
from orders.process.spreading import spread

SEND_JOB = "orders.send_command"


def request_erp_orders(*, decisions: Sequence[Decision], first: bool) -> None:
    """The commands that create the ERP orders of what was accepted; `first` says that the orders were made just now.
    The key is made from our number and never again from anything else.
    """
    fresh = [
        _command(
            draft_of(one), kind=CommandKind.ORDER, erp=one.order.erp, about={"order": one.order},
            story=one.order.correlation_id,
        )
        for one in decisions
    ]  # fmt: skip
    _store(fresh, first=first)


def draft_of(decision: Decision) -> OrderDraft:
    """What the ERP is to hold of an accepted order, in our codes; its key is made from the order's number."""
    order, warehouses = decision.order, {h.warehouse_id: h.warehouse_code for h in decision.holdings}
    return OrderDraft(
        order_key=f"NL-{order.number}",
        content_hash="",
        customer=order.account.code,
        ship_to=order.ship_to.code if order.ship_to else "",
        currency=order.currency,
        customer_po=order.po_number[:35],
        requested_on=order.requested_on,
        note=shipping_note(order, decision.lines),
        ship_complete=order.ship_complete,
        lines=tuple(
            one
            for line in decision.served
            for one in erp_lines(line, sku=line.item.sku if line.item else "", warehouses=warehouses)
        ),
    )


def request_erp_credit(*, dispute: Dispute) -> ErpCommand:
    """The command that asks for a credit memo of the approved amount, spread over the disputed lines as claimed. What
    the ERP once held and refused is asked again under a key of its own.
    """
    return _request_for(dispute, "credit_request", dispute.invoice.number, dispute.write_off_reason or dispute.reason)


def request_erp_debit(*, dispute: Dispute) -> ErpCommand:
    """The command that asks for a debit memo of the same lines and amounts: the booked credit is taken back."""
    memo = dispute.credit_memo
    return _request_for(dispute, "debit_request", memo.number if memo else "", "reversal")


_PREFIXES = {"credit_request": "NL-CR", "debit_request": "NL-DB"}


def _request_for(dispute: Dispute, kind: DraftKind, number: str, reason: str) -> ErpCommand:
    rows = list(
        dispute.lines.select_related("invoice_line__item", "invoice_line__order_line__warehouse").order_by("id")
    )
    amounts = spread(dispute.amount_approved, [row.amount for row in rows])
    held = ErpCommand.objects.filter(dispute=dispute, kind=kind, state=CommandState.REJECTED, erp_number__isnull=False)
    again = held.count()
    draft = OrderDraft(
        order_key=f"{_PREFIXES[kind]}-{dispute.number}" + (f"-{again + 1}" if again else ""),
        content_hash="",
        kind=kind,
        customer=dispute.account.code,
        ship_to=_place_of(dispute.invoice),
        currency=dispute.currency,
        invoice_number=number,
        reason=reason,
        lines=tuple(
            DraftLine(
                line_key=str(row.invoice_line.position),
                sku=row.invoice_line.item.sku if row.invoice_line.item else "",
                quantity=Decimal(1),
                unit=erp_unit_of(row.invoice_line),
                unit_price=amount,
            )
            for row, amount in zip(rows, amounts, strict=True)
            if amount > 0
        ),
    )
    fresh = _command(
        draft, kind=CommandKind(kind), erp=dispute.invoice.erp, about={"dispute": dispute},
        story=dispute.correlation_id,
    )  # fmt: skip
    return _store([fresh], first=False)[0]


def request_return_credit(*, credit: ReturnCredit) -> ErpCommand:
    """The command that asks for a credit memo of goods that came back, line by line as they were billed."""
    row, invoice = credit.request, credit.invoice
    lines = row.lines.filter(invoice_line__invoice=invoice, wish=ReturnWish.CREDIT, received__gt=0)
    draft = OrderDraft(
        order_key=f"NL-RC-{row.number}-{invoice.number}"[:35],
        content_hash="",
        kind="credit_request",
        customer=row.account.code,
        ship_to=_place_of(invoice),
        currency=row.currency,
        invoice_number=invoice.number,
        reason="return",
        lines=tuple(
            DraftLine(
                line_key=str(line.position),
                sku=line.item.sku if line.item else "",
                quantity=Decimal(1),
                unit=erp_unit_of(line.invoice_line) if line.invoice_line else line.unit,
                unit_price=to_cents(line.received * line.unit_price),
            )
            for line in lines.select_related("item", "invoice_line__item", "invoice_line__order_line__warehouse")
        ),
    )
    fresh = _command(
        draft, kind=CommandKind.CREDIT_REQUEST, erp=invoice.erp, about={"return_credit": credit},
        story=row.correlation_id,
    )  # fmt: skip
    return _store([fresh], first=False)[0]


def _place_of(invoice: Invoice) -> str:
    order = invoice.order
    return order.ship_to.code if order and order.ship_to else ""


def _command(draft: OrderDraft, *, kind: CommandKind, erp: str, about: Mapping[str, Any], story: UUID) -> ErpCommand:
    """The command, not written yet."""
    draft = replace(draft, content_hash=content_hash(draft))
    return ErpCommand(
        order_key=draft.order_key,
        kind=kind,
        erp=erp,
        content_hash=draft.content_hash,
        draft=to_json(draft),
        correlation_id=story,
        **about,
    )


def _store(fresh: Sequence[ErpCommand], *, first: bool) -> list[ErpCommand]:
    """The commands under these keys, to be sent. The caller holds the row locks of what they are about, from
    whose numbers the keys are made: nobody else inserts them.
    """
    keys = [command.order_key for command in fresh]
    known = {} if first else {row.order_key: row for row in ErpCommand.objects.filter(order_key__in=keys)}
    for command in fresh:
        row = known.get(command.order_key)
        if row is not None and row.state == CommandState.REJECTED:
            row.state, row.error_code, row.error_text = CommandState.PENDING, "", ""
            row.draft, row.content_hash = command.draft, command.content_hash
            row.save()
    insert_rows([command for command in fresh if command.order_key not in known])
    rows = [known.get(command.order_key, command) for command in fresh]
    requests = [
        JobRequest(
            key=str(row.pk),
            payload={"command": str(row.pk)},
            share=command.draft["customer"],
            correlation_id=row.correlation_id if first else None,
        )
        for row, command in zip(rows, fresh, strict=True)
    ]
    enqueue_jobs(SEND_JOB, requests)
    return rows
