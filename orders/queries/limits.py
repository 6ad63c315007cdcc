"""How much a person, or the machine, may approve alone."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q, Sum

from distportal.accounts.models import Account, User
from orders.choices import DisputeStatus, FindingAction
from orders.models import ApprovalLimit, Dispute, RulePolicy

AUTO_RETURN = "return_auto_approve"
"""Rule policy that accepts returns by itself: `data["below"]` is the amount it holds up to."""

RETURN_WINDOW = "return_window"
"""Rule policy that ends returns: `data["days"]` is how many days after the invoice goods may still come back."""


def approval_limit(*, user: User, reason: str) -> Decimal:
    """The most restrictive limit that fits the person and the reason; nothing where no row fits."""
    rows = ApprovalLimit.objects.filter(Q(user=user) | Q(user=None), Q(reason=reason) | Q(reason=""), active=True)
    return min((row.limit for row in rows), default=Decimal(0))


def approved_alone(*, user: User, row: Dispute) -> Decimal:
    """What of the dispute's invoice the person approved without anybody else, this dispute left out."""
    rows = Dispute.objects.filter(
        invoice=row.invoice_id,
        approved_by=user,
        decided_by=user,
        status__in=(DisputeStatus.APPROVED, DisputeStatus.BOOKED, DisputeStatus.CLOSED),
    )
    return rows.exclude(pk=row.pk).aggregate(sum=Sum("amount_approved"))["sum"] or Decimal(0)


def return_days(account: Account) -> int | None:
    """For how many days from the invoice goods may come back: the account's own policy, else everybody's, else None
    for no end.
    """
    row = _policy(account, RETURN_WINDOW)
    return int(row.data["days"]) if row and row.action != FindingAction.ACCEPT else None


def auto_return_limit(account: Account) -> Decimal:
    """Up to what amount a return needs no person: the account's own policy, else everybody's, else never."""
    row = _policy(account, AUTO_RETURN)
    if row is None or row.action != FindingAction.ACCEPT:
        return Decimal(0)
    return Decimal(str(row.data.get("below", "0")))


def _policy(account: Account, code: str) -> RulePolicy | None:
    rows = RulePolicy.objects.filter(Q(account=account) | Q(account=None), code=code)
    return rows.order_by(F("account").asc(nulls_last=True)).first()
