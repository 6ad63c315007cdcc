"""Demo policies of the desk."""

from __future__ import annotations

from decimal import Decimal

from exceptions.models import EditPolicy
from exceptions.process.edit_policies import save_policy


def seed_desk() -> None:
    """Prices and ship-tos of orders from 5,000 on are corrected by two people."""
    for name, field in (("Prices from 5,000", "unit_price"), ("Ship-tos from 5,000", "ship_to")):
        if not EditPolicy.objects.filter(name=name).exists():
            save_policy(EditPolicy(name=name, kind="order.", field=field, least_amount=Decimal(5000)))
