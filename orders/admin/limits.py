"""Who may approve how much alone; only administrators set it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from distportal.web.staff_admin import SeenByGroups
from orders.models import ApprovalLimit


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(SeenByGroups):
    """Finance sees the limits; nobody in finance can raise their own."""

    groups: ClassVar[tuple[str, ...]] = ("finance",)
    list_display = ("__str__", "user", "reason", "limit")
    list_select_related = ("user",)
