"""Demo restriction: what the company's carriers do not take."""

from __future__ import annotations

from django.db import transaction

from inventory.choices import ShipMethod
from inventory.models import ShippingRestriction


@transaction.atomic
def seed_inventory() -> None:
    """Flammable liquids go by no plane."""
    ShippingRestriction.objects.get_or_create(
        hazard_class="3", item=None, reason="flammable liquids travel by road only",
        defaults={"methods": [ShipMethod.AIR]},
    )  # fmt: skip
