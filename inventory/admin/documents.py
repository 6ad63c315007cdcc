"""Documents of items in the back office: operators add, replace and withdraw them, customer service reads them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from distportal.common.errors import DomainError
from distportal.web.dialog_admin import leave_dialog, refused_dialog
from distportal.web.files import file_answer
from distportal.web.history_admin import TrackedHistory
from distportal.web.refusal_admin import TellsRefusals
from distportal.web.staff_admin import OPERATORS, OperatorsAdmin, ReadInline, in_groups
from inventory.admin.document_forms import DocumentForm, WithdrawForm
from inventory.models import ItemDocument, ItemDocumentVersion
from inventory.process.documents import add_document, replace_document, withdraw_document

WITHDRAWING = {
    "title": "Withdraw the document",
    "description": "No dealer sees it any more; it does not come back. Its versions stay here.",
    "form_class": WithdrawForm,
    "form_submit_text": "Withdraw",
}


class VersionInline(ReadInline):
    """Every version that there was, with its file."""

    model = ItemDocumentVersion
    fields = readonly_fields = ("number", "opened", "valid_from", "valid_until", "added_by", "added_at")

    @display(description="File")
    def opened(self, row: ItemDocumentVersion) -> str:
        address = reverse("admin:inventory_itemdocument_file", args=[row.document_id, row.number])
        return format_html('<a href="{}" class="underline">{}</a>', address, row.name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemDocumentVersion]:
        rows: QuerySet[ItemDocumentVersion] = super().get_queryset(request)
        return rows.select_related("document")


@admin.register(ItemDocument)
class ItemDocumentAdmin(TellsRefusals, TrackedHistory, OperatorsAdmin):
    """What dealers find on an item's page. Saving makes a version; an older one is never changed."""

    groups: ClassVar[tuple[str, ...]] = ("operator", "agent")
    form = DocumentForm
    list_display = ("title", "kind", "items", "language", "seen_by", "valid_until", "version")
    list_filter = ("kind", "internal", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("title",)
    search_help_text = "A part of the title, or an item's SKU"
    ordering = ("title", "id")
    inlines = (VersionInline,)
    actions_detail: ClassVar[list[str]] = ["withdraw"]
    while_empty = "Documents that you add here stand on the pages of their items, for dealers to read and download."
    read_fields = (
        "items",
        "kind",
        "title",
        "language",
        "seen_in_words",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawn_why",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemDocument]:
        """With the last day of the newest version."""
        newest = ItemDocumentVersion.objects.filter(document=OuterRef("pk"), number=OuterRef("version"))
        rows: QuerySet[ItemDocument] = super().get_queryset(request)
        return rows.annotate(until=Subquery(newest.values("valid_until")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ItemDocument], search_term: str
    ) -> tuple[QuerySet[ItemDocument], bool]:
        """By title, or of the item with exactly this SKU."""
        wanted = search_term.strip()
        if not wanted:
            return queryset, False
        return queryset.filter(Q(title__icontains=wanted) | Q(skus__contains=[wanted.upper()])), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return in_groups(request, OPERATORS) and (obj is None or obj.withdrawn_at is None)

    def has_withdraw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the button is there."""
        there = object_id is None or ItemDocument.objects.filter(pk=object_id, withdrawn_at=None).exists()
        return in_groups(request, OPERATORS) and there

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is to be filled in; who may only look is shown what there is."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not writes:
            return [(None, {"fields": self.read_fields})]
        return [
            ("What it is", {"fields": ("skus", "kind", "title", "language", "internal")}),
            ("This version", {"fields": ("upload", "valid_from", "valid_until", "token", "seen")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None or self.has_change_permission(request, obj) else self.read_fields

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A document that is not there yet has no versions."""
        return self.inlines if obj else ()

    @display(description="Items")
    def items(self, row: ItemDocument) -> str:
        return ", ".join(row.skus)

    @display(description="Seen by", label={"dealers": "success", "ours": "info", "withdrawn": "danger"})
    def seen_by(self, row: ItemDocument) -> tuple[str, str]:
        return _seen(row)

    @display(description="Seen by")
    def seen_in_words(self, row: ItemDocument) -> str:
        return _seen(row)[1]

    @display(description="Until", ordering=F("until").asc(nulls_last=True))
    def valid_until(self, row: Any) -> Any:
        return row.until

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the process, which knows who was faster."""
        data: dict[str, Any] = form.cleaned_data
        by, facts, file = str(request.user), data["facts"], data.get("clean")
        if change:
            row = replace_document(document_id=obj.pk, seen=data["seen"], facts=facts, file=file, by=by)
        else:
            row = add_document(token=data["token"] or uuid.uuid4(), facts=facts, file=data["clean"], by=by)
        obj.pk, obj.version, obj._state.adding = row.pk, row.version, False

    def refusal(self, error: DomainError) -> str:
        return error.sentence

    @action(
        description="Withdraw", url_path="withdraw", icon="block", permissions=["withdraw"],
        variant=ActionVariant.DANGER, dialog=WITHDRAWING,
    )  # fmt: skip
    def withdraw(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """No dealer sees it from now on."""
        page = reverse("admin:inventory_itemdocument_change", args=[object_id])
        try:
            row = withdraw_document(
                document_id=UUID(object_id), reason=form.cleaned_data["reason"], by=str(request.user)
            )
        except DomainError as error:
            return refused_dialog(request, WITHDRAWING, form, error, page)
        messages.success(request, f"{row} is withdrawn.")
        return leave_dialog(page)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = path(
            "<uuid:document_id>/file/<int:number>/",
            self.admin_site.admin_view(self.file),
            name="inventory_itemdocument_file",
        )
        return [own, *super().get_urls()]

    def file(self, request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
        """Any version's file, for our own people."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ItemDocumentVersion.objects.select_related("file")
        return file_answer(request, get_object_or_404(rows, document=document_id, number=number))


def _seen(row: ItemDocument) -> tuple[str, str]:
    if row.withdrawn_at is not None:
        return "withdrawn", "Nobody: withdrawn"
    return ("ours", "Our own people") if row.internal else ("dealers", "All dealers")
