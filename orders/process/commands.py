"""Ask the ERP for something, once: the command row and its key are written with the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from distportal.canonical.base import content_hash, to_json
from distportal.common.money import to_cents
from distportal.events.jobs import enqueue_job
from distportal.systems.erp.port import DraftLine, OrderDraft
from orders.choices import CommandKind, CommandState, LineStatus, ReturnWish
from orders.models import Dispute, ErpCommand, Invoice, Order, OrderLine, ReturnCredit
from orders.process.erp_lines import erp_lines, erp_unit_of
from orders.process.shipping import shipping_note

SEND_JOB = "orders.send_command"


def request_erp_order(
    *, order: Order, lines: Sequence[OrderLine], warehouses: Mapping[int, str], first: bool
) -> ErpCommand:
    """The command that creates the ERP order of its accepted `lines`; `warehouses` are the codes by id, `first` says
    that the order was made just now. The key is made from our number and never again from anything else.
    """
    draft = OrderDraft(
        order_key=f"NL-{order.number}",
        content_hash="",
        customer=order.account.code,
        ship_to=order.ship_to.code if order.ship_to else "",
        currency=order.currency,
        customer_po=order.po_number[:35],
        requested_on=order.requested_on,
        note=shipping_note(order, lines),
        ship_complete=order.ship_complete,
        lines=tuple(
            one
            for line in lines
            if line.status in (LineStatus.ACCEPTED, LineStatus.BACKORDERED)
            for one in erp_lines(line, sku=line.item.sku if line.item else "", warehouses=warehouses)
        ),
    )
    return _store(
        draft, kind=CommandKind.ORDER, erp=order.erp, about={"order": order}, story=order.correlation_id, first=first
    )


def request_erp_credit(*, dispute: Dispute) -> ErpCommand:
    """The command that asks for a credit memo of the approved amount, spread over the disputed lines as claimed."""
    share = dispute.amount_approved / dispute.amount_claimed
    rows = list(
        dispute.lines.select_related("invoice_line__item", "invoice_line__order_line__warehouse").order_by("id")
    )
    amounts = [(row.amount * share).quantize(Decimal("0.01")) for row in rows]
    amounts[-1] += dispute.amount_approved - sum(amounts, Decimal(0))
    draft = OrderDraft(
        order_key=f"NL-CR-{dispute.number}",
        content_hash="",
        kind="credit_request",
        customer=dispute.account.code,
        ship_to=_place_of(dispute.invoice),
        currency=dispute.currency,
        invoice_number=dispute.invoice.number,
        reason=dispute.reason,
        lines=tuple(
            DraftLine(
                line_key=str(row.invoice_line.position),
                sku=row.invoice_line.item.sku if row.invoice_line.item else "",
                quantity=Decimal(1),
                unit=erp_unit_of(row.invoice_line),
                unit_price=amount,
            )
            for row, amount in zip(rows, amounts, strict=True)
        ),
    )
    return _store(
        draft, kind=CommandKind.CREDIT_REQUEST, erp=dispute.invoice.erp, about={"dispute": dispute},
        story=dispute.correlation_id,
    )  # fmt: skip


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
    return _store(
        draft,
        kind=CommandKind.CREDIT_REQUEST,
        erp=invoice.erp,
        about={"return_credit": credit},
        story=row.correlation_id,
    )


def _place_of(invoice: Invoice) -> str:
    order = invoice.order
    return order.ship_to.code if order and order.ship_to else ""


def _store(
    draft: OrderDraft, *, kind: CommandKind, erp: str, about: Mapping[str, Any], story: UUID, first: bool = False
) -> ErpCommand:
    draft = replace(draft, content_hash=content_hash(draft))
    # The caller holds the row lock of what the command is about, from whose number the key is made: nobody else
    # inserts it.
    row = None if first else ErpCommand.objects.filter(order_key=draft.order_key).first()
    if row is None:
        row = ErpCommand.objects.create(
            order_key=draft.order_key,
            kind=kind,
            erp=erp,
            content_hash=draft.content_hash,
            draft=to_json(draft),
            correlation_id=story,
            **about,
        )
    elif row.state == CommandState.REJECTED:
        row.state, row.error_code, row.error_text = CommandState.PENDING, "", ""
        row.draft, row.content_hash = to_json(draft), draft.content_hash
        row.save()
    enqueue_job(SEND_JOB, key=str(row.pk), payload={"command": str(row.pk)}, share=draft.customer)
    return row
