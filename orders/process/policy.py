"""What a finding does: the account's own policy, else everybody's, else the default here."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from distportal.common.remembering import remembered
from orders.choices import FindingAction
from orders.models import RulePolicy

PRICE_CODE = "price_differs"

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


def price_tolerance_of(account_id: UUID) -> Decimal | None:
    """How far a stated price may be off, in per cent of ours; None where nothing was agreed with the account."""
    return remembered(("orders.price_tolerance", account_id), lambda: _read_price_tolerance(account_id))


def _read_price_tolerance(account_id: UUID) -> Decimal | None:
    rows = RulePolicy.objects.filter(account=account_id, code=PRICE_CODE).values_list("data", flat=True)
    percent = next((data.get("tolerance_percent") for data in rows), None)
    return None if percent is None else Decimal(percent)


@transaction.atomic
def agree_price_tolerance(*, account_id: UUID, percent: Decimal | None) -> None:
    """The account's stated prices are judged by this tolerance from now on; None goes back to everybody's."""
    row = RulePolicy.objects.select_for_update().filter(account=account_id, code=PRICE_CODE).first()
    if row is None:
        if percent is None:
            return
        row = RulePolicy(account_id=account_id, code=PRICE_CODE, action=_inherited(PRICE_CODE))
    kept = {name: value for name, value in row.data.items() if name != "tolerance_percent"}
    row.data = kept if percent is None else {**kept, "tolerance_percent": str(percent)}
    row.save()


def _inherited(code: str) -> FindingAction:
    row = RulePolicy.objects.filter(account=None, code=code).first()
    return FindingAction(row.action) if row else DEFAULTS.get(code, FindingAction.HOLD)


def action_for(policy: dict[str, FindingAction], code: str) -> FindingAction:
    """The action of one finding."""
    return policy.get(code, FindingAction.HOLD)
