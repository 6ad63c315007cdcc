"""What our own check of invoices found, as finance reads and answers it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from distportal.common.errors import DomainError
from distportal.common.money import show_money
from distportal.web.dialog_admin import leave_dialog, refused_dialog
from distportal.web.history_admin import TrackedHistory
from distportal.web.list_export_admin import ListExport
from distportal.web.staff_admin import StaffReadAdmin, in_groups
from orders.admin.decisions import InternalReasonForm, ReasonForm
from orders.admin.searching import IndexedSearch, findings_named
from orders.choices import FindingState
from orders.models import InvoiceFinding
from orders.process.finding_answers import accept_findings, dismiss_findings
from orders.queries.invoice_checks import delivery_in_words

TONES = {
    "open": "warning", "accepted": "success", "disputed": "info", "corrected": "success", "dismissed": "info",
    "tolerated": "info",
}  # fmt: skip
SHORT: dict[str, str] = {FindingState.ACCEPTED: "Credited", FindingState.DISPUTED: "In dispute"}
"""Words for the list, where a column is narrow."""
ACCEPT = {
    "title": "Credit what was billed too much",
    "description": "All findings of this invoice. Above your limit a second person has to agree first.",
    "form_class": ReasonForm, "form_submit_text": "Credit",
}  # fmt: skip
DISMISS = {
    "title": "Billed rightly", "description": "All findings of this invoice end; nothing is credited.",
    "form_class": InternalReasonForm, "form_submit_text": "Dismiss",
}  # fmt: skip


@admin.register(InvoiceFinding)
class InvoiceFindingAdmin(TrackedHistory, IndexedSearch, ListExport, StaffReadAdmin):
    """Each line that bills more than agreed or sent; one act answers all findings of an invoice."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("what", "invoice", "account", "reason", "proposed", "standing", "dispute", "found_at")
    list_filter = ("state", "reason", ("account", AutocompleteSelectFilter), "found_at")
    sortable_by = ("found_at",)
    list_select_related = ("account", "invoice", "dispute", "line__invoice")
    named = findings_named
    search_help_text = "The beginning of an invoice's number, an account's code or a part of its name"
    csv_columns = (
        ("found", lambda row: row.found_at.isoformat()), ("account", lambda row: row.account.code),
        ("invoice", lambda row: row.invoice.number), ("what", lambda row: row.words),
        ("reason", lambda row: row.reason), ("amount", lambda row: row.amount), ("currency", lambda row: row.currency),
        ("state", lambda row: row.state), ("ended_because", lambda row: row.ended_because),
    )  # fmt: skip
    readonly_fields = ("proposed", "state_word", "delivery")
    fields = (
        "words", "delivery", ("invoice", "account"), ("reason", "proposed"), ("state_word", "dispute"),
        ("found_at", "ended_at"), "ended_because",
    )  # fmt: skip
    actions_detail = ("accept", "dismiss")

    def has_answer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Finance, while it waits."""
        if not in_groups(request, self.groups):
            return False
        return object_id is None or InvoiceFinding.objects.filter(pk=object_id, state=FindingState.OPEN).exists()

    @action(
        description="Credit it", url_path="accept", icon="check_circle", permissions=["answer"],
        variant=ActionVariant.PRIMARY, dialog=ACCEPT,
    )  # fmt: skip
    def accept(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        return self._answered(request, object_id, accept_findings, ACCEPT, form)

    @action(
        description="It is right", url_path="dismiss", icon="cancel", permissions=["answer"],
        dialog=DISMISS,
    )  # fmt: skip
    def dismiss(self, request: HttpRequest, form: InternalReasonForm, object_id: str) -> HttpResponse:
        return self._answered(request, object_id, dismiss_findings, DISMISS, form)

    def _answered(self, request: HttpRequest, object_id: str, run: Any, dialog: Any, form: Any) -> HttpResponse:
        row = InvoiceFinding.objects.get(pk=object_id)
        page = reverse("admin:orders_invoicefinding_change", args=[object_id])
        try:
            run(invoice_id=UUID(str(row.invoice_id)), reason=form.cleaned_data["reason"], user=request.user)
        except DomainError as error:
            return refused_dialog(request, dialog, form, error, page)
        row.refresh_from_db()
        messages.success(request, f"Invoice {row.invoice.number}: {row.get_state_display().lower()}.")
        return leave_dialog(page)

    @display(description="What differs")
    def what(self, row: InvoiceFinding) -> str:
        return format_html('<span style="display:inline-block;min-width:11rem">{}</span>', row.words)

    @display(description="Proposed credit", ordering="amount")
    def proposed(self, row: InvoiceFinding) -> str:
        return show_money(row.amount, row.currency)

    @display(description="State")
    def state_word(self, row: InvoiceFinding) -> str:
        return row.get_state_display()

    @display(description="Delivery")
    def delivery(self, row: InvoiceFinding) -> str:
        """Where its shipment is and who took it, to decide by."""
        return delivery_in_words(row.invoice) or "billed without a shipment"

    @display(description="State", label=TONES)
    def standing(self, row: InvoiceFinding) -> tuple[str, str]:
        return row.state, SHORT.get(row.state) or row.get_state_display()
