"""What was agreed with a partner, in the back office: sets and deadlines."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.admin import StackedInline

from distportal.web.staff_admin import ByOperators
from edi.models import Agreement, DeadlineRule
from edi.process.agreeing import check_options


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


class DeadlineInline(ByOperators, StackedInline):  # type: ignore[misc]
    """What is due when; one that ended gets its last day, since documents were judged by it."""

    model = DeadlineRule
    extra = 0
    can_delete = False
    fields = (
        ("set_id", "counted_from"), ("hours", "business_days", "days", "warn_hours"), ("valid_from", "valid_until"),
        ("fee_kind", "fee_amount", "fee_minimum"), "source",
    )  # fmt: skip
