"""Record invoices and credit memos; a credit memo books the dispute that asked for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from distportal.accounts.models import Account
from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice as InvoiceFact
from distportal.canonical.invoices import InvoiceLine as LineFact
from distportal.observability.correlation import correlated
from inventory.queries.items import items_named
from orders.models import ErpCommand, Invoice, InvoiceLine, Order, OrderLine, Shipment
from orders.process.disputes import book_credit_memo
from orders.process.erp_told import our_invoice
from orders.process.facts import publish_order_fact


@transaction.atomic
def record_invoice(*, fact: InvoiceFact, erp_id: str, version: str) -> Invoice | None:
    """The billing document, recorded once by its ERP id; None where it is not about one of our orders or disputes."""
    command = ErpCommand.objects.select_for_update(of=("self",)).filter(order_key=fact.order_key).first()
    if command is None or Invoice.objects.filter(erp_id=erp_id).exists():
        return None
    dispute = command.dispute
    order = command.order or (dispute.invoice.order if dispute else None)
    account = order.account if order else dispute.account if dispute else None
    if account is None:
        return None
    lines = list(order.lines.all()) if order and fact.kind == "invoice" else []
    fact = our_invoice(lines, fact)
    with correlated(command.correlation_id):
        row = _create(fact, erp_id, version, account, order, command.correlation_id)
        _add_lines(row, fact, account, lines)
        if fact.kind == "credit_memo" and dispute:
            book_credit_memo(dispute_id=dispute.pk, credit_memo=row)
        if order:
            what = "invoice.recorded" if fact.kind == "invoice" else "credit_memo.recorded"
            publish_order_fact(order, what, invoice=str(row.pk))
    return row


def _create(
    fact: InvoiceFact, erp_id: str, version: str, account: Account, order: Order | None, story: uuid.UUID
) -> Invoice:
    return Invoice.objects.create(
        kind=fact.kind,
        number=fact.number,
        account=account,
        order=order,
        shipment=Shipment.objects.filter(number=fact.shipment_number).first() if fact.shipment_number else None,
        corrects=Invoice.objects.filter(number=fact.corrects).first() if fact.corrects else None,
        issued_on=fact.issued_on,
        due_on=fact.due_on,
        total=fact.total,
        tax=fact.tax,
        currency=fact.currency,
        canonical=to_json(fact),
        erp_id=erp_id,
        erp_version=version,
        correlation_id=story,
    )


def _add_lines(row: Invoice, fact: InvoiceFact, account: Account, order_lines: Sequence[OrderLine]) -> None:
    lines = {line.line_no: line for line in order_lines}
    items = items_named(account_id=account.pk, names=[line.items for line in fact.lines])
    for position, (told, item) in enumerate(zip(fact.lines, items, strict=True), 1):
        order_line = lines.get(told.order_line_no)
        InvoiceLine.objects.create(
            invoice=row,
            position=position,
            order_line=order_line,
            item=item,
            description=_description(told),
            quantity=told.quantity,
            unit=told.unit,
            unit_price=told.unit_price,
            agreed_price=order_line.unit_price if order_line else None,
            amount=told.amount,
        )
        if order_line:
            order_line.invoiced_quantity += told.quantity
            order_line.save(update_fields=["invoiced_quantity"])


def _description(told: LineFact) -> str:
    return told.description[:200]
