"""How much a person, or the machine, may approve alone."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q

from distportal.accounts.models import Account, User
from orders.choices import FindingAction
from orders.models import ApprovalLimit, RulePolicy

AUTO_RETURN = "return_auto_approve"
"""Rule policy that accepts returns by itself: `data["below"]` is the amount it holds up to."""


def approval_limit(*, user: User, reason: str) -> Decimal:
    """The most restrictive limit that fits the person and the reason; nothing where no row fits."""
    rows = ApprovalLimit.objects.filter(Q(user=user) | Q(user=None), Q(reason=reason) | Q(reason=""))
    return min((row.limit for row in rows), default=Decimal(0))


def auto_return_limit(account: Account) -> Decimal:
    """Up to what amount a return needs no person: the account's own policy, else everybody's, else never."""
    rows = RulePolicy.objects.filter(Q(account=account) | Q(account=None), code=AUTO_RETURN)
    row = rows.order_by(F("account").asc(nulls_last=True)).first()
    if row is None or row.action != FindingAction.ACCEPT:
        return Decimal(0)
    return Decimal(str(row.data.get("below", "0")))
