"""Keys and policies of the API in the back office; each change is kept with who made it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.accounts.networks import clean_networks
from distportal.common.errors import Invalid
from distportal.web.staff_admin import OperatorsAdmin


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """From where a key may be used, and what it may ask."""

    networks = forms.CharField(
        required=False, label="Address ranges", widget=UnfoldAdminTextInputWidget(),
        help_text="203.0.113.0/24, a space between several; empty: from anywhere",
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields = ("policy", "networks")

    def clean_networks(self) -> str:
        """In one spelling."""
        try:
            return clean_networks(self.cleaned_data["networks"])
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


@admin.register(ApiKey)
class ApiKeyAdmin(OperatorsAdmin):
    """All keys. They are made and revoked on pages of their own, of the company or of the house, never here."""

    form = KeyForm
    list_display = ("name", "prefix", "account", "policy", "expiry_date", "last_used_at", "revoked")
    list_filter = ("revoked", "policy")
    list_select_related = ("account", "policy")
    search_fields = ("name", "prefix", "account__code")
    fields = ("name", "account", "scopes", "policy", "networks", "expiry_date", "last_used_at", "revoked")
    readonly_fields = ("name", "account", "scopes", "expiry_date", "last_used_at", "revoked")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ApiPolicy)
class ApiPolicyAdmin(OperatorsAdmin):
    """Rate, burst, quota and hidden fields of the clients that go by it."""

    list_display = ("name", "rate_per_minute", "burst", "daily_quota", "hidden_fields")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """By name."""
        return super().get_queryset(request).order_by("name")
