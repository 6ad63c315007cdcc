"""How much a person may approve alone."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from distportal.accounts.models import User
from orders.models import ApprovalLimit


def approval_limit(*, user: User, reason: str) -> Decimal:
    """The most restrictive limit that fits the person and the reason; nothing where no row fits."""
    rows = ApprovalLimit.objects.filter(Q(user=user) | Q(user=None), Q(reason=reason) | Q(reason=""))
    return min((row.limit for row in rows), default=Decimal(0))
