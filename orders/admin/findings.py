"""What our own check of invoices found, as finance reads and answers it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from distportal.common.errors import DomainError
from distportal.common.money import show_money
from distportal.web.staff_admin import StaffReadAdmin, in_groups
from orders.admin.decisions import InternalReasonForm, ReasonForm
from orders.choices import FindingState
from orders.models import InvoiceFinding
from orders.process.finding_answers import accept_findings, dismiss_findings

TONES = {
    "open": "warning", "accepted": "success", "disputed": "info", "corrected": "success", "dismissed": "info",
}  # fmt: skip


@admin.register(InvoiceFinding)
class InvoiceFindingAdmin(StaffReadAdmin):
    """Each line that bills more than agreed or sent; one act answers all findings of an invoice."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("words", "invoice", "account", "reason", "proposed", "standing", "dispute", "found_at")
    list_filter = ("state", "reason", "found_at")
    list_select_related = ("account", "invoice", "dispute", "line__invoice")
    search_fields = ("invoice__number", "account__code")
    readonly_fields = ("proposed", "standing")
    fields = (
        "words", ("invoice", "account"), ("reason", "proposed"), ("standing", "dispute"), ("found_at", "ended_at"),
        "ended_because",
    )  # fmt: skip
    actions_detail = ("accept", "dismiss")

    def has_answer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Finance, while it waits."""
        if not in_groups(request, self.groups):
            return False
        return object_id is None or InvoiceFinding.objects.filter(pk=object_id, state=FindingState.OPEN).exists()

    @action(
        description="Credit it", url_path="accept", icon="check_circle", permissions=["answer"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": "Credit what was billed too much",
            "description": "All findings of this invoice. Above your limit a second person has to agree first.",
            "form_class": ReasonForm, "form_submit_text": "Credit",
        },
    )  # fmt: skip
    def accept(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        return self._answered(request, object_id, accept_findings, form.cleaned_data["reason"])

    @action(
        description="It is right", url_path="dismiss", icon="cancel", permissions=["answer"],
        dialog={
            "title": "Billed rightly", "description": "All findings of this invoice end; nothing is credited.",
            "form_class": InternalReasonForm, "form_submit_text": "Dismiss",
        },
    )  # fmt: skip
    def dismiss(self, request: HttpRequest, form: InternalReasonForm, object_id: str) -> HttpResponse:
        return self._answered(request, object_id, dismiss_findings, form.cleaned_data["reason"])

    def _answered(self, request: HttpRequest, object_id: str, run: Any, reason: str) -> HttpResponse:
        row = InvoiceFinding.objects.get(pk=object_id)
        try:
            run(invoice_id=UUID(str(row.invoice_id)), reason=reason, user=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            row.refresh_from_db()
            messages.success(request, f"Invoice {row.invoice.number}: {row.get_state_display().lower()}.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:orders_invoicefinding_change", args=[object_id])})

    @display(description="Proposed credit", ordering="amount")
    def proposed(self, row: InvoiceFinding) -> str:
        return show_money(row.amount, row.currency)

    @display(description="State", label=TONES)
    def standing(self, row: InvoiceFinding) -> tuple[str, str]:
        return row.state, row.get_state_display()
