"""Demo policies and approval limits."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from orders.choices import FindingAction
from orders.models import ApprovalLimit, RulePolicy
from orders.queries.limits import AUTO_RETURN, RETURN_WINDOW


@transaction.atomic
def seed_orders() -> None:
    """Anyone in finance may approve up to 500 alone; returns below 50 need nobody, and end after 90 days."""
    ApprovalLimit.objects.get_or_create(user=None, reason="", defaults={"limit": Decimal(500)})
    RulePolicy.objects.get_or_create(
        account=None, code=RETURN_WINDOW, defaults={"action": FindingAction.REJECT, "data": {"days": 90}}
    )
    RulePolicy.objects.get_or_create(
        account=None, code=AUTO_RETURN, defaults={"action": FindingAction.ACCEPT, "data": {"below": "50.00"}}
    )
