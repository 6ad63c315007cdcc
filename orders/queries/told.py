"""Events of orders as other systems are told them: what the dealer may know, and nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from distportal.canonical.told import (
    DisputeTold,
    InvoiceTold,
    OrderLineTold,
    OrderTold,
    PaymentTold,
    ReturnTold,
    ShipmentTold,
    ShippedLineTold,
)
from distportal.events.base import Delivered
from distportal.webhooks.catalogue import Told
from orders.choices import DisputeStatus, ReturnStatus
from orders.models import Dispute, Invoice, Order, Remittance, Return, Shipment

_OURS = (DisputeStatus.PROPOSED, DisputeStatus.WAITING_APPROVAL)
"""What is proposed is not decided: to the dealer the dispute is in review."""


def order_told(event: Delivered) -> Told | None:
    """The order with its lines as they stand now."""
    rows = Order.objects.select_related("account", "ship_to").prefetch_related("lines__item").defer("canonical")
    order = rows.filter(pk=UUID(event.payload["order"])).first()
    if order is None:
        return None
    lines = tuple(
        OrderLineTold(
            line_no=line.line_no, sku=line.item.sku if line.item else "", status=line.status, quantity=line.quantity,
            unit=line.unit, unit_price=line.unit_price, confirmed_quantity=line.confirmed_quantity,
            shipped_quantity=line.shipped_quantity, promised_on=line.promised_on,
        )
        for line in order.lines.all()
    )  # fmt: skip
    data = OrderTold(
        number=str(order), po_number=order.po_number, account=order.account.code, status=order.status,
        version=order.version, currency=order.currency, total=order.total, ordered_on=order.ordered_on,
        requested_on=order.requested_on, ship_to=order.ship_to.code if order.ship_to else "", lines=lines,
        reasons=_reasons(event),
    )  # fmt: skip
    return Told(subject=str(order), data=data)


def shipment_told(event: Delivered) -> Told | None:
    """The shipment that the event names."""
    rows = Shipment.objects.select_related("order__account").prefetch_related("lines__order_line__item", "tracking")
    row = rows.filter(pk=UUID(event.payload["shipment"])).first()
    if row is None:
        return None
    lines = tuple(
        ShippedLineTold(
            line_no=part.order_line.line_no, sku=part.order_line.item.sku if part.order_line.item else "",
            quantity=part.quantity, unit=part.order_line.unit,
        )
        for part in row.lines.all()
    )  # fmt: skip
    last = max(row.tracking.all(), key=lambda seen: (seen.at, seen.recorded_at), default=None)
    data = ShipmentTold(
        number=row.number, order_number=str(row.order), po_number=row.order.po_number, account=row.order.account.code,
        shipped_at=row.shipped_at, carrier=row.carrier, tracking_number=row.tracking_number,
        bill_of_lading=row.bill_of_lading, cartons=row.cartons, estimated_delivery_on=row.estimated_delivery_on,
        delivered_at=row.delivered_at, last_status=last.meaning if last else "", lines=lines,
    )  # fmt: skip
    return Told(subject=row.number, data=data)


def invoice_told(event: Delivered) -> Told | None:
    """The invoice or credit memo that the event names."""
    rows = Invoice.objects.select_related("account", "order", "corrects").defer("canonical")
    row = rows.filter(pk=UUID(event.payload["invoice"])).first()
    if row is None:
        return None
    data = InvoiceTold(
        number=row.number, kind=row.kind, account=row.account.code, order_number=str(row.order) if row.order else "",
        po_number=row.order.po_number if row.order else "", issued_on=row.issued_on, due_on=row.due_on,
        currency=row.currency, total=row.total, tax=row.tax, corrects=row.corrects.number if row.corrects else "",
    )  # fmt: skip
    return Told(subject=row.number, data=data)


def dispute_told(event: Delivered) -> Told | None:
    """The dispute, without what only finance knows."""
    rows = Dispute.objects.select_related("account", "invoice", "credit_memo")
    row = rows.filter(pk=UUID(event.payload["dispute"])).first()
    if row is None:
        return None
    data = DisputeTold(
        number=str(row), account=row.account.code, invoice=row.invoice.number, reason=row.reason,
        status=DisputeStatus.IN_REVIEW if row.status in _OURS else row.status, currency=row.currency,
        amount_claimed=row.amount_claimed, amount_approved=row.amount_approved if row.decided else None,
        credit_memo=row.credit_memo.number if row.credit_memo else "",
    )  # fmt: skip
    return Told(subject=str(row), data=data)


def return_told(event: Delivered) -> Told | None:
    """The return."""
    row = Return.objects.select_related("account").filter(pk=UUID(event.payload["return"])).first()
    if row is None:
        return None
    status = ReturnStatus.REQUESTED if row.status == ReturnStatus.WAITING_APPROVAL else row.status
    data = ReturnTold(
        number=str(row), account=row.account.code, status=status, currency=row.currency, amount=row.amount
    )
    return Told(subject=str(row), data=data)


def payment_told(event: Delivered) -> Told | None:
    """The payment as it was recorded."""
    row = Remittance.objects.select_related("account").filter(pk=UUID(event.payload["remittance"])).first()
    if row is None:
        return None
    data = PaymentTold(
        trace=row.trace, account=row.account.code, paid_on=row.paid_on, currency=row.currency, amount=row.amount,
        method=row.method,
    )  # fmt: skip
    return Told(subject=row.trace, data=data)


def _reasons(event: Delivered) -> tuple[str, ...]:
    told = event.payload
    several: Iterable[object] = told.get("reasons") or told.get("codes") or ()
    found = [str(one) for one in several] or [str(told.get("reason", ""))]
    return tuple(filter(None, found))
