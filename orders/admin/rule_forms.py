"""Rules that finance goes by, as the back office changes them: with a reason, and never over what somebody else did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from distportal.web.history_admin import TrackedHistory
from distportal.web.refusal_admin import TellsRefusals
from distportal.web.staff_admin import SeenByGroups


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a rule, why it changes, and which version the person saw."""

    why = forms.CharField(
        label="Why it changes", max_length=500, widget=UnfoldAdminTextInputWidget(),
        help_text="Kept in the history beside your name",
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version if self.instance.pk else 0

    def clean(self) -> dict[str, Any]:
        """What was typed stays in the form where somebody else was faster."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and (data.get("seen") or 0) != type(self.instance).objects.values_list(
            "version", flat=True
        ).get(pk=self.instance.pk):
            raise forms.ValidationError(
                "Somebody else changed it meanwhile; yours was not saved. Open it again in another tab, compare, and "
                "enter what still holds."
            )
        return data


class RuleAdmin(TellsRefusals, TrackedHistory, SeenByGroups):
    """Rows that are changed by their process function alone; nobody deletes them."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    key_fields: ClassVar[tuple[str, ...]] = ()
    """What a row is about; it is chosen once."""
    wording: ClassVar[Mapping[str, str]] = {}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.key_fields if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Who may only look is not asked why."""
        found = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return found
        shown = [(name, [one for one in part["fields"] if one not in ("why", "seen")]) for name, part in found]
        return [(name, {"fields": fields}) for name, fields in shown if fields]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_by_process(self, row: Any, data: dict[str, Any], *, seen: int, user: Any) -> Any:
        """The changed row. Raises DomainError."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the process, which knows who may and who was faster."""
        data = form.cleaned_data
        row = self.change_by_process(obj, data, seen=(data.get("seen") or 0) if change else 0, user=request.user)
        obj.pk, obj.version, obj._state.adding = row.pk, row.version, False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.wording:
            field.label, _, field.help_text = self.wording[db_field.name].partition(": ")
        return field
