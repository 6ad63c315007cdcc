"""The back office of operations: who our partners are, what was agreed with them and where their mailboxes lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline

from distportal.web.staff_admin import SeenByGroups, in_groups
from edi.models import Agreement, CrossReference, DeadlineRule, Mailbox, TradingPartner
from edi.process.agreeing import check_options, settle_tolerance
from edi.process.partner_rules import problem_with_code, problem_with_path, problem_with_separators
from edi.queries.agreements import forget

OPERATORS = ("operator",)


def _checked(value: str, problem_with: Callable[[str], str]) -> str:
    problem = problem_with(value)
    if problem:
        raise forms.ValidationError(problem)
    return value


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps out what could never travel: the code names files, the separators must differ."""

    def clean_code(self) -> str:
        """Letters, digits, dash and underscore."""
        return _checked(str(self.cleaned_data["code"]), problem_with_code)

    def clean(self) -> dict[str, Any]:
        """Three different separators, none of them a letter or digit."""
        data: dict[str, Any] = super().clean() or {}
        used = [data.get(f"{name}", "") for name in ("element_separator", "component_separator", "segment_terminator")]
        problem = problem_with_separators(*map(str, used))
        if problem:
            raise forms.ValidationError(problem)
        return data


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps mailboxes below EDI_ROOT."""

    def clean_path(self) -> str:
        """A plain relative path."""
        return _checked(str(self.cleaned_data["path"]), problem_with_path)


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses options that nobody could read."""

    def clean_options(self) -> dict[str, Any]:
        """Only options that exist, with values that can be read."""
        options = self.cleaned_data["options"] or {}
        try:
            check_options(options)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return dict(options)


class ByOperators:
    """Rows under a partner that operators may add and change."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)


class MailboxInline(ByOperators, StackedInline):  # type: ignore[misc]
    """A partner's one mailbox."""

    model = Mailbox
    form = MailboxForm
    fields = ("path", "active", "polled_at")
    readonly_fields = ("polled_at",)
    can_delete = False


class AgreementInline(ByOperators, StackedInline):  # type: ignore[misc]
    """What is exchanged; one that ended is made inactive, its history stays."""

    model = Agreement
    form = AgreementForm
    extra = 0
    can_delete = False
    fields = (
        ("direction", "set_id", "active"), ("releases", "release", "ack"),
        ("error_policy", "ctt_policy", "duplicate_window_days"), "options",
    )  # fmt: skip


class CrossReferenceInline(ByOperators, TabularInline):  # type: ignore[misc]
    """Their words and ours."""

    model = CrossReference
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)


class DeadlineInline(ByOperators, StackedInline):  # type: ignore[misc]
    """What is due when; one that ended gets its last day, since documents were judged by it."""

    model = DeadlineRule
    extra = 0
    can_delete = False
    fields = (
        ("set_id", "counted_from", "hours", "business_days", "warn_hours"), ("valid_from", "valid_until"),
        ("fee_kind", "fee_amount", "fee_minimum"), "source",
    )  # fmt: skip


@admin.register(TradingPartner)
class TradingPartnerAdmin(SeenByGroups):
    """Operators set partners up; nobody deletes one, its documents stay. Going live is a page of its own."""

    groups: ClassVar[tuple[str, ...]] = OPERATORS
    form = PartnerForm
    list_display = ("name", "code", "account", "their_id", "our_id", "usage", "active")
    list_select_related = ("account",)
    list_filter = ("active", "usage")
    search_fields = ("name", "code", "their_id")
    readonly_fields = ("usage",)
    inlines = (MailboxInline, AgreementInline, CrossReferenceInline, DeadlineInline)
    fieldsets = (
        (None, {"fields": (("name", "code"), ("account", "active"), "usage")}),
        ("Identities", {"fields": (("their_qualifier", "their_id", "their_group_id"),
                                   ("our_qualifier", "our_id", "our_group_id"))}),
        ("Separators", {"fields": (("element_separator", "component_separator", "segment_terminator"),)}),
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.usage = "T"  # born in test: only the switch with a name on it makes a partner live
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        forget(form.instance)
        settle_tolerance(partner=form.instance)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
