"""The warehouses that a partner runs, in the back office."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import TabularInline

from distportal.web.staff_admin import in_groups
from edi.admin.teams import OPERATORS, ByOperators
from edi.models import WarehouseLink


class WarehouseInline(ByOperators, TabularInline):  # type: ignore[misc]
    """The warehouses that a partner runs for us."""

    model = WarehouseLink
    fields = ("warehouse", "their_code")
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)
