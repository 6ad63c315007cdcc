"""The records of orders that dealers and our people talk about."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.threads.subjects import Subject, add_subject
from orders.models import Dispute, Invoice, Order, Return, Shipment


def _people(*users: User | None) -> list[User]:
    """Those of the dealer: our own people may have ordered on their behalf."""
    return [user for user in users if user is not None and not user.is_staff]


def of_order(row: Order) -> Subject:
    """An order; whoever placed it is told."""
    return Subject(
        kind="order", id=str(row.pk), account=row.account, label=_("Order %(number)s") % {"number": row},
        path=reverse("orders:detail", args=[row.number]), correlation_id=row.correlation_id,
        people=lambda: _people(row.placed_by),
    )  # fmt: skip


def of_invoice(row: Invoice) -> Subject:
    """An invoice or credit memo."""
    return Subject(
        kind="invoice", id=str(row.pk), account=row.account, label=f"{row.get_kind_display()} {row.number}",
        path=reverse("orders:invoice", args=[row.number]), correlation_id=row.correlation_id,
    )  # fmt: skip


def of_shipment(row: Shipment) -> Subject:
    """A shipment; whoever placed its order is told."""
    return Subject(
        kind="shipment", id=str(row.pk), account=row.order.account,
        label=_("Shipment %(number)s") % {"number": row.number}, path=reverse("orders:shipment", args=[row.number]),
        correlation_id=row.correlation_id, people=lambda: _people(row.order.placed_by),
    )  # fmt: skip


def of_dispute(row: Dispute) -> Subject:
    """A dispute; whoever opened it is told."""
    return Subject(
        kind="dispute", id=str(row.pk), account=row.account, label=_("Dispute %(number)s") % {"number": row},
        path=reverse("orders:dispute", args=[row.number]), correlation_id=row.correlation_id,
        people=lambda: _people(row.opened_by),
    )  # fmt: skip


def of_return(row: Return) -> Subject:
    """A return; whoever asked for it is told."""
    return Subject(
        kind="return", id=str(row.pk), account=row.account, label=_("Return %(number)s") % {"number": row},
        path=reverse("orders:return", args=[row.number]), correlation_id=row.correlation_id,
        people=lambda: _people(row.requested_by),
    )  # fmt: skip


add_subject("order", Order, of_order)
add_subject("invoice", Invoice, of_invoice)
add_subject("shipment", Shipment, of_shipment)
add_subject("dispute", Dispute, of_dispute)
add_subject("return", Return, of_return)
