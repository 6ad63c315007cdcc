"""Returns as finance reads them; they are decided at the desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.common.money import show_money
from distportal.web.staff_admin import ReadInline, StaffReadAdmin, number_column
from orders.admin.channel_filter import ChannelFilter
from orders.admin.searching import IndexedSearch, returns_named
from orders.models import Return, ReturnLine

TONES = {
    "requested": "info", "waiting_approval": "warning", "approved": "success", "part_approved": "success",
    "rejected": "danger", "withdrawn": "info", "received": "warning", "settled": "success",
}  # fmt: skip


class ReturnLineInline(ReadInline):
    """What was asked, allowed and approved."""

    model = ReturnLine
    fields = readonly_fields = (
        "position", "item", "invoice_line", "wanted", "possible", "granted", "back", "unit", "why", "wish", "problem",
    )  # fmt: skip
    wanted = number_column("quantity", "Asked")
    possible = number_column("allowed", "Allowed")
    granted = number_column("approved", "Approved")
    back = number_column("received", "Received")

    @display(description="Reason")
    def why(self, line: ReturnLine) -> str:
        return line.reason_shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnLine]:
        rows: QuerySet[ReturnLine] = super().get_queryset(request)
        return rows.select_related("item", "invoice_line__invoice")


@admin.register(Return)
class ReturnAdmin(IndexedSearch, StaffReadAdmin):
    """Every return with its RMA number and its answer."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("shown", "account", "reference", "state", "asked", "granted", "requested_at", "decided_by")
    list_filter = ("status", ChannelFilter, ("account", AutocompleteSelectFilter), "requested_at")
    sortable_by = ("shown", "requested_at")
    list_select_related = ("account", "decided_by")
    named = returns_named
    search_help_text = "An RMA number, the dealer's reference, an account's code or a part of its name"
    readonly_fields = ("shown", "asked", "granted", "story")
    fields = (
        ("shown", "status"), ("account", "reference"), ("asked", "granted"), ("requested_name", "requested_at"), "note",
        ("decided_by", "approved_by"), ("decided_at", "decision_reason"), "story",
    )  # fmt: skip
    inlines = (ReturnLineInline,)

    @display(description="Return", ordering="number")
    def shown(self, row: Return) -> str:
        return str(row)

    @display(description="Status", label=TONES)
    def state(self, row: Return) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description="Asked", ordering="amount")
    def asked(self, row: Return) -> str:
        return show_money(row.amount, row.currency)

    @display(description="Approved", ordering="amount_approved")
    def granted(self, row: Return) -> str:
        return show_money(row.amount_approved, row.currency)

    @display(description="Whole story")
    def story(self, row: Return) -> str:
        return format_html('<a href="{}">From the request on</a>', reverse("chain", args=[row.correlation_id]))
