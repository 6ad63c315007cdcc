"""Payments as finance reads them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.common.channels import channel_word
from distportal.common.money import show_money
from distportal.web.list_export_admin import ListExport
from distportal.web.staff_admin import ReadInline, StaffReadAdmin
from orders.admin.channel_filter import ChannelFilter
from orders.admin.searching import IndexedSearch, payments_named
from orders.models import Remittance, RemittanceLine


class RemittanceLineInline(ReadInline):
    """What each line paid, and the disputes over what was kept back."""

    model = RemittanceLine
    per_page = 50
    fields = readonly_fields = (
        "position", "kind", "number", "invoice", "paid", "discount", "difference", "what", "in_dispute", "note",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[RemittanceLine]:
        rows: QuerySet[RemittanceLine] = super().get_queryset(request)
        return rows.select_related("invoice", "remittance").prefetch_related("disputes")

    @display(description="Outcome")  # rows below a row are drawn without the theme's labels
    def what(self, line: RemittanceLine) -> str:
        return line.get_outcome_display()

    @display(description="In dispute")
    def in_dispute(self, line: RemittanceLine) -> str:
        links = [(reverse("admin:orders_dispute_change", args=[one.pk]), str(one)) for one in line.disputes.all()]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "no"


@admin.register(Remittance)
class RemittanceAdmin(IndexedSearch, ListExport, StaffReadAdmin):
    """What buyers said they paid; it is corrected by them, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("trace", "account", "paid_on", "money", "method", "state", "came_by")
    list_filter = ("state", ChannelFilter, ("account", AutocompleteSelectFilter), "paid_on")
    sortable_by = ("paid_on",)
    list_select_related = ("account",)
    named = payments_named
    search_help_text = "The beginning of a trace or of an invoice's number, an account's code or a part of its name"
    csv_columns = (
        ("trace", lambda row: row.trace), ("account", lambda row: row.account.code),
        ("payer", lambda row: row.payer), ("paid", lambda row: row.paid_on), ("amount", lambda row: row.amount),
        ("currency", lambda row: row.currency), ("method", lambda row: row.method), ("state", lambda row: row.state),
        ("channel", lambda row: row.channel),
    )  # fmt: skip
    readonly_fields = ("money", "came_by", "story")
    fields = (
        ("trace", "state"), ("account", "payer"), ("paid_on", "method"), ("money", "came_by"), "recorded_at", "story",
    )  # fmt: skip
    inlines = (RemittanceLineInline,)

    @display(description="Amount", ordering="amount")
    def money(self, row: Remittance) -> str:
        return show_money(row.amount, row.currency)

    @display(description="Came by")
    def came_by(self, row: Remittance) -> str:
        return channel_word(row.channel)

    @display(description="Whole story")
    def story(self, row: Remittance) -> str:
        return format_html(
            '<a href="{}">From the file to the invoices</a>', reverse("chain", args=[row.correlation_id])
        )
