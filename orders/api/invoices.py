"""Invoices and credit memos by API, as the ERP booked them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.choices import Scope
from orders.api.scoping import ScopedView, found_or_404
from orders.choices import InvoiceKind
from orders.models import Invoice, InvoiceLine
from orders.queries.receivables import with_due


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By account, kind, PO number and day of issue."""

    account = django_filters.CharFilter(field_name="account__code")
    kind = django_filters.ChoiceFilter(choices=InvoiceKind)
    po_number = django_filters.CharFilter(field_name="order__po_number")
    issued_since = django_filters.DateFilter(field_name="issued_on", lookup_expr="gte")

    class Meta:
        model = Invoice
        fields = ("account", "kind", "po_number", "issued_since")


class InvoicePagination(CursorPagination):
    """The newest first, 50 a page."""

    ordering = ("-issued_on", "-number")
    page_size = 50


class InvoiceLineResource(serializers.ModelSerializer[InvoiceLine]):
    """A billed line; `agreed_price` is the order line's price when the invoice came."""

    sku = serializers.CharField(source="item.sku", default="")
    order_line_no = serializers.CharField(source="order_line.line_no", default="")

    class Meta:
        model = InvoiceLine
        fields = (
            "position", "sku", "description", "order_line_no", "quantity", "unit", "unit_price", "agreed_price",
            "amount",
        )  # fmt: skip


class InvoiceSummary(serializers.ModelSerializer[Invoice]):
    """An invoice or credit memo. Of `total`, `open` is not settled yet, and `due` of it is not in dispute."""

    account = serializers.CharField(source="account.code")
    order = serializers.SerializerMethodField()
    po_number = serializers.CharField(source="order.po_number", default="")
    open = serializers.DecimalField(max_digits=14, decimal_places=2, source="open_amount")
    due = serializers.DecimalField(max_digits=14, decimal_places=2, source="due_amount")

    class Meta:
        model = Invoice
        fields = (
            "number", "kind", "account", "order", "po_number", "issued_on", "due_on", "total", "tax", "currency",
            "open", "due",
        )  # fmt: skip

    def get_order(self, invoice: Invoice) -> str:
        return str(invoice.order) if invoice.order else ""


class InvoiceResource(InvoiceSummary):
    """The same with its lines and what it belongs to."""

    lines = InvoiceLineResource(many=True)
    shipment = serializers.CharField(source="shipment.number", default="")
    corrects = serializers.CharField(source="corrects.number", default="", help_text="The invoice a memo corrects")

    class Meta(InvoiceSummary.Meta):
        fields = (*InvoiceSummary.Meta.fields, "shipment", "corrects", "lines")  # type: ignore[assignment]


class _Invoices(ScopedView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.INVOICES_READ}
    queryset = Invoice.objects.none()
    rows = Invoice.objects.select_related("account", "order").defer("canonical", "order__canonical")

    def get_queryset(self) -> QuerySet[Any]:
        """The caller's rows with what is open of each."""
        return with_due(super().get_queryset())


class InvoicesView(_Invoices):
    """The documents of the accounts that the key covers."""

    filterset_class = InvoiceFilter
    serializer_class = InvoiceSummary
    pagination_class = InvoicePagination

    @extend_schema(operation_id="invoices_list", responses=InvoiceSummary(many=True))
    def get(self, request: Request) -> Response:
        """The newest first, a page at a time."""
        return self.page_of(InvoiceSummary)


class InvoiceView(_Invoices):
    """One document."""

    serializer_class = InvoiceResource
    filter_backends = ()

    @extend_schema(operation_id="invoices_retrieve", responses=InvoiceResource)
    def get(self, request: Request, number: str) -> Response:
        """With its lines."""
        rows = self.get_queryset().select_related("account", "order", "shipment", "corrects")
        rows = rows.prefetch_related("lines__item", "lines__order_line")
        return Response(InvoiceResource(found_or_404(rows, number=number)).data)
