"""`{% load rows %}`: the rows of a table, between its `<tbody>` and the end of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from inventory.queries.offers import Offer
from orders.models import OrderLine, Remittance
from orders.portal.picking import Row
from orders.portal.rows.invoices import InvoiceRows
from orders.portal.rows.orders import OrderRows
from orders.portal.rows.owed import OwedRows
from orders.portal.rows.payments import PaymentRows
from orders.portal.rows.picks import PickFields, PickRows
from orders.portal.rows.statement import MovementRows
from orders.queries.carriers import carrier_called, tracking_page
from orders.queries.order_list import OrderRow
from orders.queries.payments import Listed
from orders.queries.statement import Movement

register = template.Library()
register.filter("carrier_called", carrier_called)
register.filter("tracking_page", tracking_page)


def _drawn(draw: Callable[[Any], str], rows: Iterable[Any]) -> SafeString:
    return SafeString("\n".join(map(draw, rows)))  # each value was escaped


@register.simple_tag(takes_context=True)
def order_rows(context: Any, orders: Iterable[OrderRow]) -> SafeString:
    """Orders with their progress; our own people see whose they are."""
    return _drawn(OrderRows(accounts=context["user"].is_staff).row, orders)


@register.simple_tag(takes_context=True)
def invoice_rows(context: Any, invoices: Iterable[Listed], pickable: bool = False) -> SafeString:
    """Invoices and credit memos, each to be ticked where they are `pickable`."""
    rows = InvoiceRows(
        accounts=context["user"].is_staff,
        today=context.get("today"),
        pickable=pickable,
        picked=context.get("picked", ()),
    )
    return _drawn(rows.row, invoices)


@register.simple_tag
def owed_rows(lines: Iterable[OrderLine], accounts: bool) -> SafeString:
    """Lines of which something is still owed."""
    return _drawn(OwedRows(accounts=accounts).row, lines)


@register.simple_tag
def movement_rows(movements: Iterable[Movement], currency: str) -> SafeString:
    """What was billed and paid."""
    return _drawn(MovementRows(currency=currency).row, movements)


@register.simple_tag(takes_context=True)
def payment_rows(context: Any, payments: Iterable[Remittance]) -> SafeString:
    """Payments with how many documents each was for; our own people see whose they are."""
    return _drawn(PaymentRows(accounts=context["user"].is_staff).row, payments)


@register.simple_tag(takes_context=True)
def pick_rows(context: Any, rows: Iterable[Row]) -> SafeString:
    """Items to choose from, each with its fields."""
    drawn = PickRows(
        may_order=bool(context.get("may_order")),
        may_list=bool(context.get("may_list")),
        meanwhile=context.get("other") or {},
    )
    return _drawn(drawn.row, rows)


@register.simple_tag
def pick_fields(offer: Offer, key: str, unit: str, quantity: Decimal | str) -> SafeString:
    """The fields of one row."""
    return SafeString(PickFields().of(offer, key=key, unit=unit, quantity=str(quantity)))
