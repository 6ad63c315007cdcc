"""Finance decides disputes: everything that changes one goes through the process functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from distportal.common.errors import DomainError
from distportal.common.money import show_money
from distportal.web.staff_admin import ReadInline, StaffReadAdmin, in_groups
from orders.admin.decisions import ApproveForm, ReasonForm
from orders.choices import DisputeStatus, RootCause
from orders.models import Dispute, DisputeEntry, DisputeLine
from orders.process.disputes import approve_dispute, reject_dispute

TONES = {
    "submitted": "info", "in_review": "info", "waiting_approval": "warning", "approved": "warning",
    "booked": "success", "rejected": "danger", "withdrawn": "danger",
}  # fmt: skip
DECIDABLE = (DisputeStatus.SUBMITTED, DisputeStatus.IN_REVIEW, DisputeStatus.WAITING_APPROVAL)


class DisputeLineInline(ReadInline):
    """The claimed lines beside what was billed and agreed."""

    model = DisputeLine
    verbose_name_plural = "Disputed lines"
    fields = readonly_fields = ("invoice_line", "billed", "agreed", "quantity", "amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DisputeLine]:
        rows: QuerySet[DisputeLine] = super().get_queryset(request)
        return rows.select_related("invoice_line__item", "invoice_line__invoice")

    @display(description="Billed price")
    def billed(self, line: DisputeLine) -> str:
        return f"{line.invoice_line.unit_price} / {line.invoice_line.unit}"

    @display(description="Agreed price")
    def agreed(self, line: DisputeLine) -> str:
        price = line.invoice_line.agreed_price
        return "none known" if price is None else str(price)


class DisputeEntryInline(ReadInline):
    """What happened, in order."""

    model = DisputeEntry
    verbose_name_plural = "What happened"
    fields = readonly_fields = ("at", "actor", "action", "text")


@admin.register(Dispute)
class DisputeAdmin(StaffReadAdmin):
    """The list is finance's work list; a dispute's page has the evidence and the two decisions."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("shown", "account", "invoice", "reason", "state", "claimed", "approved", "opened_at", "decided_by")
    list_filter = ("status", "reason", "root_cause", "opened_at")
    list_select_related = ("account", "invoice", "decided_by")
    search_fields = ("number", "invoice__number", "account__code", "account__name")
    readonly_fields = ("shown", "status_word", "order", "claimed", "approved", "story")
    fields = (
        ("shown", "status_word"), ("account", "invoice"), ("order", "reason"), "note", ("claimed", "approved"),
        ("opened_by", "opened_name", "opened_at"), ("decided_by", "approved_by"), ("root_cause", "credit_memo"),
        "decision_reason", "story",
    )  # fmt: skip
    inlines = (DisputeLineInline, DisputeEntryInline)
    actions_detail = ("approve", "reject")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        rows: QuerySet[Dispute] = super().get_queryset(request)
        return rows.select_related("account", "invoice__order", "credit_memo")

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Finance, while the dispute waits for a decision."""
        if not in_groups(request, self.groups):
            return False
        return object_id is None or Dispute.objects.filter(pk=object_id, status__in=DECIDABLE).exists()

    @action(
        description="Approve a credit", url_path="approve", icon="check_circle", permissions=["decide"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": "Approve a credit",
            "description": "The credit is requested from the ERP. Above your limit a second person has to agree first.",
            "form_class": ApproveForm,
            "form_submit_text": "Approve",
        },
    )  # fmt: skip
    def approve(self, request: HttpRequest, form: ApproveForm, object_id: str) -> HttpResponse:
        data = form.cleaned_data
        return self._decided(
            request,
            object_id,
            lambda user: approve_dispute(
                dispute_id=UUID(object_id),
                amount=data["amount"],
                root_cause=RootCause(data["root_cause"]),
                reason=data["reason"],
                user=user,
            ),
        )

    @action(
        description="Reject", url_path="reject", icon="cancel", permissions=["decide"], variant=ActionVariant.DANGER,
        dialog={
            "title": "Reject the dispute",
            "description": "Nothing is credited. The dealer is told your reason.",
            "form_class": ReasonForm,
            "form_submit_text": "Reject",
        },
    )  # fmt: skip
    def reject(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        return self._decided(
            request, object_id, lambda user: reject_dispute(dispute_id=UUID(object_id), reason=reason, user=user)
        )

    def _decided(self, request: HttpRequest, object_id: str, decide: Callable[[Any], Dispute]) -> HttpResponse:
        try:
            row = decide(request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{row}: {row.get_status_display().lower()}.")
        # The dialog posts by htmx: only this header makes it leave the page.
        return HttpResponse(headers={"HX-Redirect": reverse("admin:orders_dispute_change", args=[object_id])})

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

    @display(description="Whole story")
    def story(self, row: Dispute) -> str:
        return format_html(
            '<a href="{}">From the order to the credit memo</a>', reverse("chain", args=[row.correlation_id])
        )
