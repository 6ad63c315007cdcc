"""Record invoices and credit memos; a credit memo books the dispute or the return that asked for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from distportal.accounts.models import Account
from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice as InvoiceFact
from distportal.canonical.invoices import InvoiceLine as LineFact
from distportal.observability.correlation import correlated
from distportal.systems.ownership import DEFAULT
from exceptions.process.cases import open_case
from inventory.queries.items import items_named
from orders.models import ErpCommand, Invoice, InvoiceLine, Order, OrderLine, Shipment
from orders.process.dispute_booking import book_memo
from orders.process.erp_told import our_invoice
from orders.process.facts import publish_order_fact
from orders.process.invoice_comparing import compare_document
from orders.process.return_receipts import book_return_credit


@transaction.atomic
def record_invoice(*, fact: InvoiceFact, erp_id: str, version: str, erp: str = DEFAULT) -> Invoice | None:
    """The billing document, recorded once by its ERP and the id there; None where it is not about one of our orders or
    disputes, or about one that was given to another ERP, or has a number that another ERP used: that has a case.
    """
    command = (
        ErpCommand.objects.select_for_update(of=("self",), no_key=True)
        .filter(order_key=fact.order_key, erp=erp)
        .first()
    )
    if command is None or Invoice.objects.filter(erp=erp, erp_id=erp_id).exists():
        return None
    about, order = command.about, _order_of(command)
    if about is None or _is_taken(fact, command):
        return None
    account = about.account
    lines = list(command.order.lines.all()) if command.order and fact.kind == "invoice" else []
    fact = our_invoice(lines, fact)
    with correlated(command.correlation_id):
        row = _create(fact, erp, erp_id, version, account, order, command.correlation_id)
        _add_lines(row, fact, account, lines)
        if command.dispute:
            book_memo(dispute_id=command.dispute.pk, memo=row)
        if fact.kind == "credit_memo" and command.return_credit:
            book_return_credit(credit_id=command.return_credit.pk, credit_memo=row)
        if command.order:
            compare_document(row)
        if order:
            what = "invoice.recorded" if fact.kind == "invoice" else "credit_memo.recorded"
            publish_order_fact(order, what, invoice=str(row.pk))
    return row


def _order_of(command: ErpCommand) -> Order | None:
    """The order that was billed, also where the command is about a part of its invoice."""
    claimed = command.dispute or command.return_credit
    return command.order or (claimed.invoice.order if claimed else None)


def _create(
    fact: InvoiceFact, erp: str, erp_id: str, version: str, account: Account, order: Order | None, story: uuid.UUID
) -> Invoice:
    return Invoice.objects.create(
        kind=fact.kind,
        number=fact.number,
        account=account,
        order=order,
        shipment=Shipment.objects.filter(erp=erp, number=fact.shipment_number).first()
        if fact.shipment_number
        else None,
        corrects=Invoice.objects.filter(number=fact.corrects).first() if fact.corrects else None,
        issued_on=fact.issued_on,
        due_on=fact.due_on,
        total=fact.total,
        tax=fact.tax,
        currency=fact.currency,
        canonical=to_json(fact),
        erp=erp,
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


def _is_taken(fact: InvoiceFact, command: ErpCommand) -> bool:
    """An invoice number names one document to the buyer, to payers and to the tax office, whichever ERP wrote it."""
    other = Invoice.objects.filter(number=fact.number).exclude(erp=command.erp).first()
    if other is None:
        return False
    open_case(
        kind="erp.drift",
        code="invoice_number_taken",
        subject_type="command",
        subject_id=str(command.pk),
        sentence=f"ERP {command.erp} wrote invoice {fact.number} for {command.order_key}; ERP {other.erp} had used the "
        "number. It was not recorded: give the ERPs number ranges of their own and bill it again",
        severity=4,
        queue="finance",
        data={"number": fact.number, "canonical": to_json(fact)},
    )
    return True


def _description(told: LineFact) -> str:
    return told.description[:200]
