"""Orders by a company's own API keys, where one of its rules says that they need a yes, too."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import Account
from distportal.canonical.orders import Order as AskedOrder
from orders.choices import OrderStatus
from orders.models import ApprovalRequest, ApprovalRule
from orders.process.approvals.asking import ask_approval
from orders.process.approvals.judging import judge_approval
from orders.process.approvals.showing import evaluations_of


@transaction.atomic
def ask_for_key(*, account: Account, order: AskedOrder, source_key: str, name: str) -> ApprovalRequest | None:
    """The request that the order waits with, the same for the same `source_key`; None for an order that goes its way:
    no rule that covers keys fires, or it would be rejected anyhow.
    """
    if not ApprovalRule.objects.filter(account=account, active=True, covers_keys=True).exists():
        return None
    known = ApprovalRequest.objects.filter(source_key=source_key, account=account).first()
    if known:
        return known
    evaluations = evaluations_of([order], account)
    if any(one.status == OrderStatus.REJECTED for one in evaluations):
        return None
    total = evaluations[0].facts.total
    judged = judge_approval(account=account, user=None, evaluations=evaluations, total=total)
    if not judged.reasons:
        return None
    return ask_approval(judged=judged, account=account, orders=[order], source_key=source_key, user=None, name=name)
