"""Who may approve how much alone; only administrators set it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from distportal.accounts.models import User
from distportal.web.staff_admin import SeenByGroups
from orders.models import ApprovalLimit


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(SeenByGroups):
    """Finance sees the limits; nobody in finance can raise their own."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("__str__", "user", "reason", "limit")
    list_select_related = ("user",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Our own people only: dealers' people approve nothing here, and they are too many for a list."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
