"""How a client narrows the list of orders."""

from __future__ import annotations

import django_filters

from orders.choices import OrderStatus
from orders.models import Order


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account, PO number, status and time of placing."""

    account = django_filters.CharFilter(field_name="account__code")
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus)
    placed_since = django_filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields = ("account", "po_number", "status", "placed_since")
