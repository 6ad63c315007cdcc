"""What a finding does: the account's own policy, else everybody's, else the default here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from distportal.common.prepared import PreparedValues
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
    "unit_converted": FindingAction.ACCEPT,
    "item_ending": FindingAction.ACCEPT,
    "stock_ending": FindingAction.REJECT,
    "short_dropped": FindingAction.ACCEPT,
    "nothing_there": FindingAction.REJECT,
}

FIGURES: dict[str, tuple[str, ...]] = {
    "order_minimum": ("amount",),
    "split": ("per_line", "per_order", "least_part"),
    "dispute_window": ("days",),
}
"""The figures that belong to a policy and that people set; `tolerance_percent` is set with a partner's agreement."""
CODES: list[tuple[str, str]] = [
    ("account_hold", "The account is on hold"),
    ("barcode_unit", "The barcode of a pack and another unit"),
    ("credit_exceeded", "Over the credit limit"),
    ("date_past", "A date has passed"),
    ("dispute_window", "How long an invoice can be disputed"),
    ("duplicate_po", "The PO number again with other content"),
    ("hazmat_restricted", "May not go to the region, or not that way"),
    ("item_ambiguous", "A name that could be several items"),
    ("item_not_sold", "The item is blocked or discontinued"),
    ("item_unknown", "No item by that name"),
    ("order_minimum", "The order comes to less than its minimum"),
    (PRICE_CODE, "The stated price differs"),
    ("quantity_minimum", "Less than the item's minimum"),
    ("quantity_multiple", "No multiple of what is sold"),
    ("region_restricted", "Not allowed in the region"),
    ("return_auto_approve", "A return may be approved by itself"),
    ("split", "How many warehouses may send"),
    ("stock_ending", "More than is left of an item that ends"),
    ("substitute", "Another item may stand for one that is not sold"),
    ("stock_short", "Not all of it is there now"),
    ("two_erps", "Its lines are with two ERPs"),
    ("unit_converted", "Sold in another unit than was asked"),
]
"""What policies may be about, and how people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """All that was agreed with one account, or holds for everybody: the action and the figures by finding code."""

    actions: Mapping[str, FindingAction]
    figures: Mapping[str, Mapping[str, Any]]
    own: frozenset[str]

    def action_for(self, code: str) -> FindingAction:
        """The action of one finding; codes without a row hold the order for a person."""
        return action_for(self.actions, code)

    def figure(self, code: str, name: str) -> Decimal | None:
        """A figure of a policy, None where there is none."""
        value = self.figures.get(code, {}).get(name)
        return None if value in (None, "") else Decimal(str(value))

    @property
    def price_tolerance(self) -> Decimal | None:
        """How far a stated price may be off, in per cent of ours; None where nothing was agreed with the account."""
        return self.figure(PRICE_CODE, "tolerance_percent") if PRICE_CODE in self.own else None


_ROWS = PreparedValues(
    lambda pk: (
        RulePolicy.objects.filter(Q(account=pk) | Q(account=None))
        .order_by(F("account").asc(nulls_first=True))
        .values_list("account_id", "code", "action", "data")
    )
)


def policies_of(account_id: UUID) -> Policies:
    """What holds for one account, in one query."""
    return remembered(("orders.policies", account_id), lambda: _read_policies(account_id))


def policy_of(account_id: UUID) -> Mapping[str, FindingAction]:
    """The action by finding code for one account."""
    return policies_of(account_id).actions


def _read_policies(account_id: UUID) -> Policies:
    rows = _ROWS(account_id)
    return Policies(
        actions={**DEFAULTS, **{code: FindingAction(action) for _, code, action, _ in rows}},
        figures={code: data for _, code, _, data in rows},
        own=frozenset(code for owner, code, _, _ in rows if owner is not None),
    )


@transaction.atomic
def agree_price_tolerance(*, account_id: UUID, percent: Decimal | None) -> None:
    """The account's stated prices are judged by this tolerance from now on; None goes back to everybody's."""
    row = RulePolicy.objects.select_for_update(no_key=True).filter(account=account_id, code=PRICE_CODE).first()
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


def action_for(policy: Mapping[str, FindingAction], code: str) -> FindingAction:
    """The action of one finding."""
    return policy.get(code, FindingAction.HOLD)
