"""A business fact as salespeople read it in their CRM. The same fact gives the same activity for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from distportal.common.money import show_money
from distportal.events.models import OutboxEvent
from distportal.systems.crm.port import Activity, ActivityKind
from orders.models import AccountNote, Invoice, Order

SENTENCES: dict[str, str] = {
    "order.accepted": "Order {number} (PO {po}) was accepted",
    "order.held": "Order {number} (PO {po}) waits for an answer: {codes}",
    "order.rejected": "Order {number} (PO {po}) was rejected: {reasons}",
    "order.confirmed": "Order {number} (PO {po}) is confirmed by the ERP as {erp_number}",
    "order.shipped": "Goods of order {number} (PO {po}) have left",
    "order.cancelled": "Order {number} (PO {po}) was cancelled: {reason}",
    "order.changed": "Order {number} (PO {po}) was changed",
    "order.change_refused": "A change of order {number} (PO {po}) was refused",
    "invoice.recorded": "Order {number} (PO {po}) was billed",
    "credit_memo.recorded": "A credit memo came for order {number} (PO {po})",
}
"""Event -> what is said; braces are the event's payload, so that the words never change with what comes later."""


def activity_of(event_id: UUID) -> Activity | None:
    """The activity of a stored event; None where there is nothing to tell of it any more."""
    event = OutboxEvent.objects.filter(pk=event_id).first()
    if event is None:
        return None
    if event.type == "account.noted":
        return _of_note(event)
    return _of_order(event) if event.type in SENTENCES else None


def _of_note(event: OutboxEvent) -> Activity | None:
    note = AccountNote.objects.select_related("account", "order").filter(pk=event.payload["note"]).first()
    if note is None:
        return None
    order = note.order
    return Activity(
        key=str(event.pk),
        kind="note",
        event=event.type,
        account=note.account.code,
        subject=f"account {note.account.code}",
        seq=event.seq,
        text=note.text,
        occurred_at=event.occurred_at,
        by=note.author,
        order_number=str(order) if order else "",
        po_number=order.po_number if order else "",
    )


def _of_order(event: OutboxEvent) -> Activity | None:
    told: Mapping[str, Any] = event.payload
    order = Order.objects.filter(pk=str(told["order"])).first() if told.get("order") else None
    if order is None:
        return None
    invoice = Invoice.objects.filter(pk=told["invoice"]).first() if told.get("invoice") else None
    kind: ActivityKind = "invoice" if invoice else "order"
    text = SENTENCES[event.type].format_map(_Told(told))
    if invoice:
        text += f": {invoice.number}, {show_money(invoice.signed_total, invoice.currency)}"
    return Activity(
        key=str(event.pk),
        kind=kind,
        event=event.type,
        account=str(told.get("account", "")),
        subject=str(order),
        seq=event.seq,
        text=text,
        occurred_at=event.occurred_at,
        by=event.actor,
        order_number=str(order),
        po_number=order.po_number,
        amount=invoice.signed_total if invoice else None,
        currency=invoice.currency if invoice else "",
        url=settings.PUBLIC_URL + reverse("orders:detail", args=[order.number]),
    )


class _Told(dict[str, str]):
    """A payload for a sentence: lists with commas, nothing for what the event does not tell."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(
            (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in payload.items()
        )

    def __missing__(self, name: str) -> str:
        return "not told"
