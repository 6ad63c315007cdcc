"""Whether a PO number was used before, and what the account's policy makes of that for its own people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from distportal.accounts.models import Account
from orders.choices import FindingAction
from orders.process.policy import action_for, policy_of
from orders.queries.numbers import normalise_po
from orders.queries.po_uses import po_uses

if TYPE_CHECKING:
    from orders.models import Order


class PoRule(StrEnum):
    """What happens with a PO number that was used before."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoCheck:
    """The live orders that have the number, the newest first, and the rule for them."""

    rule: PoRule
    uses: tuple[Order, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether no order may be placed under this number."""
        return bool(self.uses) and self.rule is PoRule.BLOCK

    @property
    def asks(self) -> bool:
        """Whether the person has to say that one more order under it is meant."""
        return bool(self.uses) and self.rule is PoRule.WARN


def po_rule(account: Account) -> PoRule:
    """By the policy `duplicate_po`: accepted is allowed, a rejected order blocks, anything else warns."""
    action = action_for(policy_of(account.pk), "duplicate_po")
    return {FindingAction.ACCEPT: PoRule.ALLOW, FindingAction.REJECT_ORDER: PoRule.BLOCK}.get(action, PoRule.WARN)


def check_po(*, account: Account, po_number: str) -> PoCheck:
    """What is to be said of a number that somebody types; one query where it is none."""
    return PoCheck(rule=po_rule(account), uses=tuple(po_uses(account=account, po_norm=normalise_po(po_number))))
