"""Keys and policies of the API in the back office; each change is kept with who made it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminTextInputWidget

from distportal.accounts.models import ApiKey, ApiPolicy
from distportal.accounts.networks import clean_networks
from distportal.common.errors import Invalid
from distportal.web.history_admin import TrackedHistory
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


def _shown(key: ApiKey) -> ApiKey:
    """What the theme makes its links of: a copy whose number is the prefix. Nobody saves it."""
    shown = copy(key)
    shown.pk = key.prefix
    return shown


class KeyList(ChangeList):  # type: ignore[misc]
    """Rows whose addresses name a key by its prefix."""

    def url_for_result(self, result: Any) -> str:
        """The page of that key."""
        return reverse("admin:accounts_apikey_change", args=[result.prefix])


@admin.register(ApiKey)
class ApiKeyAdmin(TrackedHistory, OperatorsAdmin):
    """All keys. They are made and revoked on pages of their own, of the company or of the house, never here. The
    primary key holds the hash of the secret, so addresses, which logs and browsers keep, name the prefix instead.
    """

    form = KeyForm
    list_display = ("name", "prefix", "account", "policy", "expiry_date", "last_used_at", "revoked")
    list_filter = ("revoked", "policy")
    list_select_related = ("account", "policy")
    search_fields = ("name", "prefix", "account__code")
    fields = ("name", "account", "scopes", "policy", "networks", "expiry_date", "last_used_at", "revoked")
    readonly_fields = ("name", "account", "scopes", "expiry_date", "last_used_at", "revoked")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeyList]:
        return KeyList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The key of that prefix."""
        found: Model | None = super().get_object(request, object_id, from_field or "prefix")
        return found

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, context | {"original": _shown(kwargs["obj"])}, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        answer: Any = super().history_view(request, object_id, extra_context)
        answer.context_data["object"] = _shown(answer.context_data["object"])
        return answer


@admin.register(ApiPolicy)
class ApiPolicyAdmin(TrackedHistory, OperatorsAdmin):
    """Rate, burst, quota and hidden fields of the clients that go by it."""

    list_display = ("name", "rate_per_minute", "burst", "daily_quota", "hidden_fields")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """By name."""
        return super().get_queryset(request).order_by("name")
