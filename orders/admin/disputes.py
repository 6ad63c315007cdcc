"""Finance decides disputes: everything that changes one goes through the process functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.common.money import grouped, show_money
from distportal.web.history_admin import TrackedHistory
from distportal.web.list_export_admin import ListExport
from distportal.web.row_lines_admin import RowLines
from distportal.web.staff_admin import ReadInline, StaffReadAdmin, number_column
from orders.admin.dispute_actions import DisputeActions
from orders.admin.dispute_filters import OwnerFilter, WorkListFilter
from orders.admin.dispute_pages import DisputePages
from orders.admin.searching import IndexedSearch, disputes_named
from orders.choices import DisputeStatus
from orders.models import Dispute, DisputeEntry, DisputeLetter, DisputeLine
from orders.process.dispute_files import files_by_item
from orders.queries.commands import requests_of
from orders.queries.evidence import Needed, checklist_of

TONES = {
    "draft": "info", "submitted": "info", "in_review": "info", "need_info": "warning", "proposed": "warning",
    "waiting_approval": "warning", "approved": "warning", "booked": "success", "closed": "success",
    "rejected": "danger", "withdrawn": "danger", "split": "info", "reversing": "warning", "reversed": "danger",
}  # fmt: skip


class DisputeLineInline(ReadInline):
    """The claimed lines beside what was billed and agreed."""

    model = DisputeLine
    verbose_name_plural = "Disputed lines"
    fields = readonly_fields = ("invoice_line", "billed", "agreed", "much", "money")
    much = number_column("quantity", "Quantity")
    money = number_column("amount", "Amount", least=2)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DisputeLine]:
        rows: QuerySet[DisputeLine] = super().get_queryset(request)
        return rows.select_related("invoice_line__item", "invoice_line__invoice")

    @display(description="Billed price")
    def billed(self, line: DisputeLine) -> str:
        return f"{grouped(line.invoice_line.unit_price, least=2)} / {line.invoice_line.unit}"

    @display(description="Agreed price")
    def agreed(self, line: DisputeLine) -> str:
        price = line.invoice_line.agreed_price
        return "none known" if price is None else grouped(price, least=2)


class DisputeEntryInline(ReadInline):
    """What happened, in order."""

    model = DisputeEntry
    verbose_name_plural = "What happened"
    fields = readonly_fields = ("at", "actor", "what", "text")

    @display(description="Action")
    def what(self, row: DisputeEntry) -> str:
        return str(dict(DisputeStatus.choices).get(row.action, row.action)).lower() if "_" in row.action else row.action


class DisputeLetterInline(ReadInline):
    """What was written to the dealer."""

    model = DisputeLetter
    verbose_name_plural = "Letters"
    fields = readonly_fields = ("written_at", "written_by", "kind", "subject", "paper", "sent_to")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DisputeLetter]:
        rows: QuerySet[DisputeLetter] = super().get_queryset(request)
        return rows.defer("pdf").select_related("dispute").prefetch_related("mails")

    @display(description="Paper")
    def paper(self, row: DisputeLetter) -> str:
        return format_html('<a href="{}">PDF</a>', reverse("orders:dispute_letter", args=[row.pk]))

    @display(description="Sent to")
    def sent_to(self, row: DisputeLetter) -> str:
        return (
            ", ".join(f"{mail.to_email} ({mail.get_state_display().lower()})" for mail in row.mails.all()) or "nobody"
        )


@admin.register(Dispute)
class DisputeAdmin(DisputeActions, DisputePages, TrackedHistory, IndexedSearch, ListExport, RowLines, StaffReadAdmin):
    """The list is finance's work list; a dispute's page has the evidence and the two decisions."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = (
        "shown", "account", "invoice", "reason", "state", "claimed", "approved", "evidence_ready", "processor",
        "opened_at",
    )  # fmt: skip
    list_filter = (
        WorkListFilter, "status", ("account", AutocompleteSelectFilter), OwnerFilter, "evidence_ready", "reason",
        "root_cause", "outcome", "opened_at",
    )  # fmt: skip
    sortable_by = ("shown", "claimed", "approved", "opened_at")
    list_select_related = ("account", "invoice", "processor")
    named = disputes_named
    search_help_text = "A dispute's number, the beginning of an invoice's, an account's code or a part of its name"
    csv_columns = (
        ("dispute", str), ("account", lambda row: row.account.code), ("name", lambda row: row.account.name),
        ("invoice", lambda row: row.invoice.number), ("reason", lambda row: row.reason),
        ("status", lambda row: row.status), ("claimed", lambda row: row.amount_claimed),
        ("approved", lambda row: row.amount_approved), ("currency", lambda row: row.currency),
        ("outcome", lambda row: row.outcome), ("root_cause", lambda row: row.root_cause),
        ("opened", lambda row: row.opened_at.isoformat()), ("opened_name", lambda row: row.opened_name),
        ("processor", lambda row: row.processor.email if row.processor else ""),
        ("decision", lambda row: row.decision_reason), ("note", lambda row: row.note),
    )  # fmt: skip
    readonly_fields = ("shown", "status_word", "order", "claimed", "approved", "evidence", "parts_of", "erp", "story")
    fieldsets = (
        (None, {"fields": (("shown", "status_word"), ("claimed", "approved"), "evidence")}),
        ("Claim", {"fields": (("account", "invoice"), ("order", "reason"), "note",
                              ("opened_by", "opened_name", "opened_at"), "parts_of")}),
        ("Owners", {"fields": (("coordinator", "processor", "responsible"), ("asked_at", "remind_on"))}),
        ("Decision", {"fields": (("decided_by", "approved_by"), ("outcome", "root_cause"),
                                 ("deny_reason", "write_off_reason"), "decision_reason")}),
        ("ERP", {"fields": ("erp", ("credit_memo", "debit_memo"), ("reversed_by", "reversal_agreed_by"),
                            "reversal_reason", "story")}),
    )  # fmt: skip
    line_columns = (
        ("Line", lambda line: line.invoice_line), ("Quantity", lambda line: f"{line.quantity.normalize():f}"),
        ("Claimed", lambda line: line.amount),
    )  # fmt: skip
    inlines = (DisputeLineInline, DisputeLetterInline, DisputeEntryInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        rows: QuerySet[Dispute] = super().get_queryset(request)
        return rows.select_related("account", "invoice__order", "credit_memo").defer("invoice__canonical")

    def lines_of(self, row: Dispute) -> list[DisputeLine]:
        return list(row.lines.select_related("invoice_line__invoice").order_by("pk"))

    @display(description="Dispute", ordering="number")
    def shown(self, row: Dispute) -> str:
        return str(row)

    @display(description="Status", label=TONES)
    def state(self, row: Dispute) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description="Status")
    def status_word(self, row: Dispute) -> str:
        return row.get_status_display()

    @display(description="Order")
    def order(self, row: Dispute) -> Model | str:
        return row.invoice.order or "none"

    @display(description="Claimed", ordering="amount_claimed")
    def claimed(self, row: Dispute) -> str:
        return show_money(row.amount_claimed, row.currency)

    @display(description="Approved", ordering="amount_approved")
    def approved(self, row: Dispute) -> str:
        return show_money(row.amount_approved, row.currency)

    @display(description="Evidence")
    def evidence(self, row: Dispute) -> str:
        files = files_by_item(row)
        told = [(one.label, _shown(row, one, files.get(one.item, ()))) for one in checklist_of(row)]
        listed = format_html_join("", "<li><b>{}</b>: {}</li>", told)
        return format_html("<ul>{}</ul>", listed) if told else "Nothing is needed for this reason."

    @display(description="Parts")
    def parts_of(self, row: Dispute) -> str:
        rows = [row.parent] if row.parent else list(row.parts.order_by("number"))
        links = [
            (reverse("admin:orders_dispute_change", args=[one.pk]), f"{one}", one.get_status_display()) for one in rows
        ]
        listed = format_html_join(", ", '<a href="{}">{}</a> ({})', links)
        return format_html("part of {}", listed) if row.parent else listed or "not split"

    @display(description="Asked of the ERP")
    def erp(self, row: Dispute) -> str:
        told = [
            f"{one.order_key}: {one.get_state_display().lower()} {one.error_text}".strip() for one in requests_of(row)
        ]
        return "; ".join(told) or "nothing yet"

    @display(description="Whole story")
    def story(self, row: Dispute) -> str:
        return format_html(
            '<a href="{}">From the order to the credit memo</a>', reverse("chain", args=[row.correlation_id])
        )


def _shown(row: Dispute, one: Needed, files: Sequence[tuple[UUID, str]]) -> SafeString | str:
    """What is there of one thing: in words, and the dealer's files to open."""
    names = {words for _, words in files}
    links = [(reverse("orders:dispute_file", args=[row.number, pk]), words) for pk, words in files]
    parts = [*(text for text in one.there if text not in names)]
    linked = format_html_join("; ", '<a href="{}">{}</a>', links)
    said = "; ".join(parts)
    return format_html("{}{}{}", said, "; " if said and links else "", linked) if one.there else "missing"
