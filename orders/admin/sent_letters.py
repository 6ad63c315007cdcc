"""What was written to dealers about their disputes, and whether it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from distportal.notices.choices import MailState
from distportal.web.list_export_admin import ListExport
from distportal.web.staff_admin import StaffReadAdmin
from orders.admin.searching import IndexedSearch, letters_named
from orders.models import DisputeLetter

TONES = {"sent": "success", "refused": "danger", "waiting": "warning", "nobody": "warning"}


class ArrivalFilter(admin.SimpleListFilter):
    """By what became of the mails that carried a letter."""

    title = "mail"
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: object) -> Sequence[tuple[str, str]]:
        return (("refused", "Refused"), ("waiting", "Not sent yet"), ("nobody", "Nobody to send it to"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[DisputeLetter]) -> QuerySet[DisputeLetter]:
        carried = DisputeLetter.mails.through.objects.filter(disputeletter=OuterRef("pk"))
        if self.value() == "refused":
            return queryset.filter(Exists(carried.filter(mail__state=MailState.FAILED)))
        if self.value() == "waiting":
            return queryset.filter(Exists(carried.filter(mail__state__in=MailState.OPEN)))
        return queryset.filter(~Exists(carried)) if self.value() == "nobody" else queryset


@admin.register(DisputeLetter)
class SentLetterAdmin(IndexedSearch, ListExport, StaffReadAdmin):
    """Every letter as it was sent, the newest first; it is written by the step of a dispute, never here."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("subject", "kind", "of_dispute", "account", "arrival", "paper", "written_by", "written_at")
    list_filter = (ArrivalFilter, "kind", ("dispute__account", AutocompleteSelectFilter), "written_at")
    sortable_by = ("written_at",)
    list_select_related = ("dispute__account",)
    named = letters_named
    search_help_text = "A dispute's number, the beginning of an invoice's, an account's code or a part of its name"
    csv_columns = (
        ("written", lambda row: row.written_at.isoformat()), ("dispute", lambda row: str(row.dispute)),
        ("account", lambda row: row.dispute.account.code), ("kind", lambda row: row.kind),
        ("subject", lambda row: row.subject), ("written_by", lambda row: row.written_by),
    )  # fmt: skip
    readonly_fields = ("of_dispute", "account", "mail", "sent_to", "paper")
    fields = (
        ("subject", "kind"), ("of_dispute", "account"), ("mail", "sent_to"), ("written_by", "written_at"), "paper",
        "body",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[DisputeLetter]:
        rows: QuerySet[DisputeLetter] = super().get_queryset(request)
        return rows.defer("pdf").select_related("dispute__account").prefetch_related("mails")

    @display(description="Dispute")
    def of_dispute(self, row: DisputeLetter) -> str:
        address = reverse("admin:orders_dispute_change", args=[row.dispute_id])
        return format_html('<a href="{}" class="whitespace-nowrap">{}</a>', address, row.dispute)

    @display(description="Account")
    def account(self, row: DisputeLetter) -> str:
        return str(row.dispute.account)

    @display(description="Mail", label=TONES)
    def arrival(self, row: DisputeLetter) -> tuple[str, str]:
        states = {mail.state for mail in row.mails.all()}
        if not states:
            return "nobody", "Nobody to send it to"
        if MailState.FAILED in states:
            return "refused", "Refused"
        return ("waiting", "Not sent yet") if states & set(MailState.OPEN) else ("sent", "Sent")

    @display(description="Mail")  # a letter's own page is drawn without the list's labels
    def mail(self, row: DisputeLetter) -> str:
        return str(self.arrival(row)[1])

    @display(description="Sent to")
    def sent_to(self, row: DisputeLetter) -> str:
        told = [
            f"{mail.to_email} ({mail.get_state_display().lower()}) {mail.error}".strip() for mail in row.mails.all()
        ]
        return ", ".join(told) or "nobody of the account is there for money"

    @display(description="Paper")
    def paper(self, row: DisputeLetter) -> str:
        return format_html('<a href="{}">PDF</a>', reverse("orders:dispute_letter", args=[row.pk]))
