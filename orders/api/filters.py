"""How a client narrows the list of orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet

from distportal.common.errors import Invalid
from orders.choices import OrderStatus
from orders.models import Order


class SinceFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """From a moment on; its offset may be any, PostgreSQL reads none beyond 16 hours."""

    def filter(self, qs: QuerySet[Any], value: dt.datetime | None) -> QuerySet[Any]:
        """The rows from the moment on. Raises Invalid for one before or after all years."""
        try:
            moment = value.astimezone(dt.UTC) if value else value
        except OverflowError as error:
            raise Invalid("There is no such moment.") from error
        rows: QuerySet[Any] = super().filter(qs, moment)
        return rows


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account, PO number, status and time of placing."""

    account = django_filters.CharFilter(field_name="account__code")
    status = django_filters.MultipleChoiceFilter(choices=OrderStatus)
    placed_since = SinceFilter(field_name="placed_at", lookup_expr="gte")

    class Meta:
        model = Order
        fields = ("account", "po_number", "status", "placed_since")
