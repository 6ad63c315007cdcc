"""Invoices and credit memos as finance reads them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.sections import TableSection

from distportal.common.money import show_money
from distportal.web.staff_admin import ReadInline, StaffReadAdmin
from orders.admin.invoice_search import invoices_named
from orders.models import Invoice, InvoiceLine


class InvoiceLineInline(ReadInline):
    """What was billed beside what was agreed."""

    model = InvoiceLine
    fields = ("position", "item", "quantity", "unit", "unit_price", "agreed_price", "amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvoiceLine]:
        rows: QuerySet[InvoiceLine] = super().get_queryset(request)
        return rows.select_related("item")


class InvoiceLinesSection(TableSection):  # type: ignore[misc]
    """The lines of a document, below its row."""

    related_name = "lines"
    fields = ("position", "item", "quantity", "unit", "unit_price", "agreed_price", "amount")


@admin.register(Invoice)
class InvoiceAdmin(StaffReadAdmin):
    """The ERP's documents; they are corrected there, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("number", "kind", "account", "order", "issued_on", "due_on", "shown")
    list_filter = ("kind", "issued_on", "due_on")
    list_select_related = ("account", "order")
    list_sections = (InvoiceLinesSection,)
    search_fields = ("number",)
    search_help_text = "The beginning of a number or PO, an order's number, an account's code or a part of its name"
    fields = (
        ("number", "kind"), ("account", "order"), ("shipment", "corrects"), ("issued_on", "due_on"), ("total", "tax"),
    )  # fmt: skip
    inlines = (InvoiceLineInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        rows: QuerySet[Invoice] = super().get_queryset(request)
        return rows.defer("canonical").prefetch_related("lines__item")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By indexes alone; nothing comes twice."""
        text = search_term.strip()[:60]
        return (invoices_named(queryset, text) if text else queryset), False

    @display(description="Total", ordering="total")
    def shown(self, row: Invoice) -> str:
        return show_money(row.signed_total, row.currency)
