"""Demo policies and approval limits."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from orders.models import ApprovalLimit


@transaction.atomic
def seed_orders() -> None:
    """Anyone in finance may approve up to 500 alone."""
    ApprovalLimit.objects.get_or_create(user=None, reason="", defaults={"limit": Decimal(500)})
