"""Who may approve how much alone; only administrators set it."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from distportal.web.staff_admin import in_groups
from orders.models import ApprovalLimit


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(ModelAdmin):  # type: ignore[misc]
    """Finance sees the limits; nobody in finance can raise their own."""

    list_display = ("__str__", "user", "reason", "limit")
    list_select_related = ("user",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, ("finance",))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("finance",))
