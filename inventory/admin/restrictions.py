"""What may not be shipped where: kept by operators."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from distportal.web.staff_admin import OperatorsAdmin
from inventory.models import ShippingRestriction


@admin.register(ShippingRestriction)
class ShippingRestrictionAdmin(OperatorsAdmin):
    """Restrictions on dangerous goods and on single items; one that does not hold any more is switched off."""

    list_display = ("reason", "item", "un_number", "hazard_class", "regions", "methods", "active")
    list_select_related = ("item",)
    list_filter = ("active",)
    search_fields = ("reason", "un_number", "item__sku")
    autocomplete_fields: ClassVar[tuple[str, ...]] = ()
    raw_id_fields = ("item",)
    fieldsets = (
        ("Which goods", {"fields": ("item", "un_number", "hazard_class", "packing_group", "limited_quantity_goes")}),
        ("May not go", {"fields": ("regions", "methods", "reason", "active")}),
    )
