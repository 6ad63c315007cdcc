"""Invoices and credit memos as finance reads them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from distportal.web.staff_admin import ReadInline, StaffReadAdmin
from orders.models import Invoice, InvoiceLine


class InvoiceLineInline(ReadInline):
    """What was billed beside what was agreed."""

    model = InvoiceLine
    fields = ("position", "item", "quantity", "unit", "unit_price", "agreed_price", "amount")


@admin.register(Invoice)
class InvoiceAdmin(StaffReadAdmin):
    """The ERP's documents; they are corrected there, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("number", "kind", "account", "order", "issued_on", "due_on", "total", "currency")
    list_filter = ("kind", "issued_on")
    list_select_related = ("account", "order")
    search_fields = ("number", "account__code", "account__name", "order__po_number")
    fields = ("number", "kind", "account", "order", "shipment", "corrects", "issued_on", "due_on", "total", "tax")
    inlines = (InvoiceLineInline,)
