"""An event's order and documents as notices tell them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

from django.urls import reverse

from distportal.accounts.choices import Role
from distportal.common.money import show_money
from distportal.common.prepared import PreparedRows
from distportal.events.base import Delivered
from distportal.notices.kinds import Reader, Told
from orders.models import Invoice, Order

ORDERING = frozenset({Role.ADMIN, Role.APPROVER, Role.BUYER})
PAYING = frozenset({Role.ADMIN, Role.ACCOUNTS})
More = Callable[[Order, Delivered], Mapping[str, str] | None]
_ORDER = PreparedRows(
    lambda pk: (
        Order.objects.select_related("account__calendar", "placed_by", "ship_to").defer("canonical").filter(pk=pk)
    )
)


def nothing_more(order: Order, event: Delivered) -> Mapping[str, str]:
    """The order's own facts are enough."""
    return {}


def of_order(more: More = nothing_more) -> Reader:
    """Reads an event of an order: who placed it is told, everybody who orders where that was a system. `more` adds
    facts, or gives None where nobody has to be told.
    """

    def read(event: Delivered) -> Told | None:
        order = _ORDER.get(UUID(event.payload["order"]))
        added = more(order, event)
        if added is None:
            return None
        return Told(
            account=order.account,
            facts={**order_facts(order), **added},
            path=reverse("orders:detail", args=[order.number]),
            people=[order.placed_by] if order.placed_by and not order.placed_by.is_staff else (),
        )

    return read


def order_facts(order: Order) -> dict[str, str]:
    """What every notice about an order can name."""
    return {
        "number": str(order),
        "po": order.po_number,
        "total": show_money(order.total, order.currency),
        "ship_to": order.ship_to.name if order.ship_to else "",
        "placed_by": order.placed_name or (str(order.placed_by) if order.placed_by else ""),
    }


def of_invoice(event: Delivered) -> Told:
    """Reads an event that names an invoice or credit memo: those who pay are told."""
    invoice = Invoice.objects.select_related("account__calendar", "order").get(pk=UUID(event.payload["invoice"]))
    facts = {
        "invoice": invoice.number,
        "total": show_money(invoice.signed_total, invoice.currency),
        "issued": day(invoice.issued_on),
        "due": day(invoice.due_on),
        "number": str(invoice.order) if invoice.order else "",
        "po": invoice.order.po_number if invoice.order else "",
        "open": str(event.payload.get("open", "")),
    }
    return Told(account=invoice.account, facts=facts, path=reverse("orders:invoice", args=[invoice.number]))


def day(date: dt.date | None) -> str:
    """`12 May 2026`; empty for none."""
    return f"{date.day} {date:%b %Y}" if date else ""
