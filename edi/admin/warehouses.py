"""The warehouses that a partner runs, in the back office."""

from __future__ import annotations

from unfold.admin import TabularInline

from distportal.web.staff_admin import RemovableByOperators
from edi.models import WarehouseLink


class WarehouseInline(RemovableByOperators, TabularInline):  # type: ignore[misc]
    """The warehouses that a partner runs for us."""

    model = WarehouseLink
    fields = ("warehouse", "their_code")
    extra = 0
