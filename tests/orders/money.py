"""Invoices as the ERP would have booked them, and payments of them, for tests that need many or odd ones."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from distportal.accounts.models import Account
from distportal.canonical.remittances import Adjustment, Remittance, RemittanceLine
from orders.models import Invoice, InvoiceLine
from orders.process.remittances import Recorded, record_remittance

PAID_ON = dt.date(2026, 12, 2)


def unsaved_invoice(account: Account, number: str, total: Decimal, **more: object) -> Invoice:
    values: dict[str, object] = {
        "kind": "invoice",
        "number": number,
        "account": account,
        "issued_on": dt.date(2026, 11, 25),
        "due_on": dt.date(2026, 12, 25),
        "total": total,
        "canonical": {"terms": "Net 30"},
        "erp_id": f"t:{number}",
        "erp_version": "1",
        "correlation_id": uuid.uuid4(),
    }
    return Invoice(**(values | more))


def an_invoice(account: Account, number: str, *amounts: str, **more: object) -> Invoice:
    """A booked invoice with a line of each amount (one piece each)."""
    parts = [Decimal(amount) for amount in amounts]
    row = unsaved_invoice(account, number, sum(parts, Decimal(0)), **more)
    row.save()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=row, position=at, quantity=Decimal(1), unit="EA", unit_price=part, amount=part)
        for at, part in enumerate(parts, 1)
    )
    return row


def line(
    number: str, paid: str, *adjustments: tuple[str, str], kind: str = "invoice", **more: object
) -> RemittanceLine:
    """Adjustments are (amount, reason)."""
    told = tuple(Adjustment(amount=Decimal(amount), reason=reason) for amount, reason in adjustments)
    return RemittanceLine(kind=kind, number=number, paid=Decimal(paid), adjustments=told, **more)  # type: ignore[arg-type]


def pay(account: Account, *lines: RemittanceLine, trace: str = "", key: str = "") -> Recorded:
    trace = trace or uuid.uuid4().hex[:12]
    fact = Remittance(
        channel="edi",
        account=account.code,
        trace=trace,
        paid_on=PAID_ON,
        amount=sum((one.paid for one in lines), Decimal(0)),
        lines=lines,
    )
    return record_remittance(remittance=fact, source_key=key or f"t:{uuid.uuid4()}", told_by=f"a test, trace {trace}")
