"""Business calendars in the back office, and which account goes by which."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from distportal.accounts.models import Account
from distportal.calendars.errors import NoWorkingTime, UnreadableHolidays
from distportal.calendars.lists import Day, national_holidays, read_list
from distportal.calendars.models import Calendar, Holiday, WorkingHours
from distportal.calendars.process import add_holidays, make_default, note_changed
from distportal.calendars.queries import working_time
from distportal.calendars.wording import explained
from distportal.web import api_admin  # noqa: F401 - registers keys and policies
from distportal.web.staff_admin import OPERATORS, OperatorsAdmin, RemovableByOperators, in_groups


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    """A calendar, with holidays to bring in besides those below."""

    pasted = forms.CharField(
        required=False, label="Add days", widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="One a line: 2026-11-26 Thanksgiving, or 2026-12-24 Christmas Eve 08:00-12:00 for a short day",
    )  # fmt: skip
    country = forms.CharField(
        required=False, max_length=2, widget=UnfoldAdminTextInputWidget,
        help_text="Adds the public holidays of a country by its code: US, CA, DE …",
    )  # fmt: skip
    region = forms.CharField(
        required=False, max_length=6, widget=UnfoldAdminTextInputWidget,
        help_text="With those of a state or province, such as CA; may be empty",
    )  # fmt: skip
    first_year = forms.IntegerField(required=False, widget=UnfoldAdminIntegerFieldWidget, help_text="Empty: this year")
    last_year = forms.IntegerField(
        required=False, widget=UnfoldAdminIntegerFieldWidget, help_text="Empty: the year after"
    )

    class Meta:
        model = Calendar
        fields = ("name", "code", "time_zone", "is_default")

    def clean(self) -> dict[str, Any]:
        """The days to bring in, as `days`."""
        data: dict[str, Any] = super().clean() or {}
        data["days"] = [*self._days("pasted", self._pasted), *self._days("country", self._national)]
        if self.instance.is_default and data.get("is_default") is False and "is_default" in self.changed_data:
            self.add_error("is_default", "Make another calendar the default instead.")
        return data

    def _pasted(self) -> list[Day]:
        return read_list(self.cleaned_data.get("pasted") or "")

    def _national(self) -> list[Day]:
        country = self.cleaned_data.get("country")
        if not country:
            return []
        first = self.cleaned_data.get("first_year") or timezone.localdate().year
        last = self.cleaned_data.get("last_year") or first + 1
        return national_holidays(country, self.cleaned_data.get("region") or "", (first, last))

    def _days(self, name: str, read: Any) -> list[Day]:
        try:
            return list(read())
        except UnreadableHolidays as error:
            self.add_error(name, error.message)
            return []


class ClockField(forms.TimeField):
    """Hours and minutes, as a browser asks for them."""

    def prepare_value(self, value: Any) -> Any:
        """Without seconds."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


class CalendarRows(RemovableByOperators, TabularInline):  # type: ignore[misc]
    """Rows of a calendar that operators change."""

    extra = 0
    hide_title = True
    # A calendar has a time zone of its own: hints about that of the browser would mislead.
    formfield_overrides: ClassVar[dict[type[models.Field[Any, Any]], dict[str, Any]]] = {
        models.TimeField: {"form_class": ClockField, "widget": UnfoldAdminTextInputWidget(attrs={"type": "time"})},
        models.DateField: {"widget": UnfoldAdminTextInputWidget(attrs={"type": "date"})},
    }


class HoursFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """A calendar works at least once a week."""

    def clean(self) -> None:
        """Raises ValidationError without any hours."""
        super().clean()
        kept = [f for f in self.forms if f.cleaned_data and not f.cleaned_data.get("DELETE")]
        if not any(self.errors) and not kept:
            raise forms.ValidationError("Enter when work is done on at least one weekday.")


class HoursInline(CalendarRows):
    """When work is done, by weekday."""

    model = WorkingHours
    formset = HoursFormSet


class HolidayInline(CalendarRows):
    """Days that are not like their weekday."""

    model = Holiday


@admin.register(Calendar)
class CalendarAdmin(OperatorsAdmin):
    """Operators keep the calendars that deadlines are counted by."""

    form = CalendarForm
    list_display = ("name", "code", "time_zone", "is_default", "next_days_off")
    readonly_fields = ("next_days_off", "example")
    prepopulated_fields: ClassVar[dict[str, tuple[str, ...]]] = {"code": ("name",)}
    inlines = (HoursInline, HolidayInline)
    fieldsets = (
        (None, {"fields": (("name", "code"), ("time_zone", "is_default"), "example", "next_days_off")}),
        ("Bring in holidays", {"fields": ("pasted", ("country", "region"), ("first_year", "last_year"))}),
    )

    @admin.display(description="Next days off")
    def next_days_off(self, row: Calendar) -> str:
        """The next three special days."""
        rows = row.holidays.filter(on__gte=timezone.localdate())[:3] if row.pk else ()
        return "; ".join(f"{day.on:%a} {day.on.day} {day.on:%b %Y} {day.name}" for day in rows) or "none entered"

    @admin.display(description="Three business days from now")
    def example(self, row: Calendar) -> str:
        """How the stored calendar counts, in the words that deadlines have."""
        if row.pk is None:
            return "shown once the calendar is stored"
        working, now = working_time(row.pk), timezone.now()
        try:
            return explained("3 business days", now, working.after_days(now, 3), working)
        except NoWorkingTime as error:
            return error.message

    def save_model(self, request: HttpRequest, obj: Calendar, form: forms.ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """There is one default at any time: the new one takes the place of the old."""
        wanted, obj.is_default = obj.is_default, change and Calendar.objects.get(pk=obj.pk).is_default
        super().save_model(request, obj, form, change)
        if wanted:
            make_default(calendar_id=obj.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What was brought in stands beside what was typed; whoever planned by the calendar plans again."""
        super().save_related(request, form, formsets, change)
        days = form.cleaned_data["days"]
        if days:
            count = add_holidays(calendar_id=form.instance.pk, days=days)
            self.message_user(request, f"{count} of {len(days)} days are new or changed.")
        note_changed(calendar_id=form.instance.pk)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is entered here of an account. Companies have parents one step deep."""

    def clean_parent(self) -> Account | None:
        """Raises ValidationError for a parent that has a parent, for a parent of others, and for itself."""
        parent: Account | None = self.cleaned_data["parent"]
        if parent is None:
            return None
        if parent.pk == self.instance.pk:
            raise forms.ValidationError("A company is not its own parent.")
        if parent.parent_id:
            raise forms.ValidationError(f"{parent.name} is below another company itself: choose that one.")
        if self.instance.children.exists():
            raise forms.ValidationError("This company has companies below it and cannot be below another one itself.")
        return parent


@admin.register(Account)
class AccountAdmin(OperatorsAdmin):
    """Accounts as the ERP tells them; calendar, shelf life, parent and policies are entered here, by operators. Finance
    sees them, and searches them where a list or a form asks for one.
    """

    groups: ClassVar[tuple[str, ...]] = ("operator", "finance")

    form = AccountForm
    autocomplete_fields = ("parent",)

    list_display = ("name", "code", "kind", "status", "calendar", "least_shelf_life")
    list_select_related = ("calendar",)
    list_filter = ("kind", "status", "calendar")
    search_fields = ("name", "code")
    fields = (
        ("name", "code"), ("kind", "status"), "calendar", "least_shelf_life", "parent", "ship_to_review",
        "mfa_required",
    )  # fmt: skip
    readonly_fields = ("name", "code", "kind", "status")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return in_groups(request, OPERATORS)
