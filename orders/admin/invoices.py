"""Invoices and credit memos as finance reads them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.common.money import show_money
from distportal.web.list_export_admin import ListExport
from distportal.web.row_lines_admin import RowLines
from distportal.web.staff_admin import ReadInline, StaffReadAdmin, number_column
from orders.admin.searching import IndexedSearch, invoices_named
from orders.models import Invoice, InvoiceLine


class InvoiceLineInline(ReadInline):
    """What was billed beside what was agreed."""

    model = InvoiceLine
    fields = readonly_fields = ("position", "item", "billed", "unit", "price", "agreed", "money")
    billed = number_column("quantity", "Quantity")
    price = number_column("unit_price", "Price", least=2)
    agreed = number_column("agreed_price", "Agreed price", least=2)
    money = number_column("amount", "Amount", least=2)

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvoiceLine]:
        rows: QuerySet[InvoiceLine] = super().get_queryset(request)
        return rows.select_related("item")


@admin.register(Invoice)
class InvoiceAdmin(IndexedSearch, ListExport, RowLines, StaffReadAdmin):
    """The ERP's documents; they are corrected there, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("number", "kind", "account", "order", "issued_on", "due_on", "money")
    list_filter = ("kind", ("account", AutocompleteSelectFilter), "issued_on")
    sortable_by = ("number", "issued_on")
    list_select_related = ("account", "order")
    line_columns = (
        ("Line", lambda line: line.position), ("Item", lambda line: line.item or line.description),
        ("Quantity", lambda line: f"{line.quantity.normalize():f} {line.unit}"),
        ("Price", lambda line: line.unit_price), ("Agreed", lambda line: line.agreed_price),
        ("Amount", lambda line: line.amount),
    )  # fmt: skip
    named = invoices_named
    search_help_text = "The beginning of a number or PO, an order's number, an account's code or a part of its name"
    fields = (
        ("number", "kind"), ("account", "order"), ("shipment", "corrects"), ("issued_on", "due_on"), ("total", "tax"),
    )  # fmt: skip
    inlines = (InvoiceLineInline,)
    csv_columns = (
        ("number", lambda row: row.number), ("kind", lambda row: row.kind), ("account", lambda row: row.account.code),
        ("name", lambda row: row.account.name), ("order", lambda row: str(row.order or "")),
        ("issued", lambda row: row.issued_on), ("due", lambda row: row.due_on),
        ("total", lambda row: row.signed_total), ("tax", lambda row: row.tax), ("currency", lambda row: row.currency),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        rows: QuerySet[Invoice] = super().get_queryset(request)
        return rows.defer("canonical")

    def lines_of(self, row: Invoice) -> list[InvoiceLine]:
        return list(row.lines.select_related("item").order_by("position"))

    @display(description="Total", ordering="total")
    def money(self, row: Invoice) -> str:
        return show_money(row.signed_total, row.currency)
