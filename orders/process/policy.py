"""What a finding does: the account's own policy, else everybody's, else the default here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from distportal.common.remembering import remembered
from orders.choices import FindingAction
from orders.models import RulePolicy

DEFAULTS: dict[str, FindingAction] = {
    "account_closed": FindingAction.REJECT_ORDER,
    "stock_short": FindingAction.BACKORDER,
    "item_not_sold": FindingAction.REJECT,
    "region_restricted": FindingAction.REJECT,
    "duplicate_po": FindingAction.HOLD,
}


def policy_of(account_id: UUID) -> dict[str, FindingAction]:
    """The action by finding code for one account; codes without a row hold the order for a person."""
    return remembered(("orders.policy", account_id), lambda: _read_policy(account_id))


def _read_policy(account_id: UUID) -> dict[str, FindingAction]:
    rows = RulePolicy.objects.filter(Q(account=account_id) | Q(account=None)).order_by(
        F("account").asc(nulls_first=True)
    )
    return {**DEFAULTS, **{code: FindingAction(action) for code, action in rows.values_list("code", "action")}}


def action_for(policy: dict[str, FindingAction], code: str) -> FindingAction:
    """The action of one finding."""
    return policy.get(code, FindingAction.HOLD)
