"""Orders as finance reads them: what was billed and disputed came from here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.common.channels import channel_word
from distportal.common.money import show_money
from distportal.web.history_admin import TrackedHistory
from distportal.web.staff_admin import ReadInline, StaffReadAdmin, number_column
from orders.admin.channel_filter import ChannelFilter
from orders.admin.searching import IndexedSearch, orders_named
from orders.models import Order, OrderLine

TONES = {
    "received": "info", "held": "warning", "accepted": "info", "confirmed": "info", "part_shipped": "warning",
    "shipped": "success", "rejected": "danger", "cancelled": "danger",
}  # fmt: skip


class OrderLineInline(ReadInline):
    """What was ordered, sent and billed."""

    model = OrderLine
    fields = readonly_fields = (
        "line_no", "item", "ordered", "unit", "price", "money", "status", "sent", "billed",
    )  # fmt: skip
    ordered = number_column("quantity", "Ordered")
    price = number_column("unit_price", "Price", least=2)
    money = number_column("amount", "Amount", least=2)
    sent = number_column("shipped_quantity", "Shipped")
    billed = number_column("invoiced_quantity", "Invoiced")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        rows: QuerySet[OrderLine] = super().get_queryset(request)
        return rows.select_related("item")


@admin.register(Order)
class OrderAdmin(TrackedHistory, IndexedSearch, StaffReadAdmin):
    """Every order; it is changed at the desk and by its buyer, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("shown", "account", "po", "state", "worth", "came_by", "in_erp", "placed_at")
    list_filter = ("status", ChannelFilter, ("account", AutocompleteSelectFilter), "placed_at")
    sortable_by = ("shown", "placed_at")
    list_select_related = ("account",)
    named = orders_named
    search_help_text = (
        "An order's number, here or in the ERP, the beginning of a PO, an account's code or part of its name"
    )
    readonly_fields = ("shown", "worth", "story", "po", "came_by", "in_erp")
    fields = (
        ("shown", "status"), ("account", "ship_to"), ("po", "came_by"), ("worth", "in_erp"),
        ("placed_name", "placed_at"), "story",
    )  # fmt: skip
    inlines = (OrderLineInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        rows: QuerySet[Order] = super().get_queryset(request)
        return rows.defer("canonical")

    @display(description="Order", ordering="number")
    def shown(self, row: Order) -> str:
        return str(row)

    @display(description="PO number")
    def po(self, row: Order) -> str:
        return row.po_number

    @display(description="Status", label=TONES)
    def state(self, row: Order) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description="Came by")
    def came_by(self, row: Order) -> str:
        return channel_word(row.channel)

    @display(description="Number in the ERP")
    def in_erp(self, row: Order) -> str:
        return row.erp_number

    @display(description="Total", ordering="total")
    def worth(self, row: Order) -> str:
        return show_money(row.total, row.currency)

    @display(description="Whole story")
    def story(self, row: Order) -> str:
        return format_html(
            '<a href="{}">From the order to the credit memo</a>', reverse("chain", args=[row.correlation_id])
        )
