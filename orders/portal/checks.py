"""The ERP's own prices of what is in a cart, and the credit it gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from distportal.accounts.models import Account
from distportal.systems.cache.answers import Seen
from inventory.process.live.credit import check_credit
from inventory.process.live.prices import Wanted, check_prices
from orders.process.evaluation import Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditShown:
    """An account's credit by the ERP, and how sure that is. `left` may be below nothing."""

    limit: Decimal
    left: Decimal
    check: Seen


def credit_shown(account: Account) -> CreditShown | None:
    """What is known of it; None where the ERP never told."""
    seen = check_credit(account=account, connection=account.erp)
    if not seen.value:
        return None
    limit = Decimal(seen.value["limit"])
    return CreditShown(limit=limit, left=limit - Decimal(seen.value["balance"]), check=seen)


def price_checks(evaluation: Evaluation, account: Account) -> dict[str, Seen]:
    """By line number what the ERP says a line costs per unit; one look for all lines, and no call."""
    wanted = {
        fact.line.line_no: Wanted(sku=fact.item.sku, unit=fact.line.unit, quantity=fact.line.quantity)
        for fact in evaluation.facts.lines
        if fact.item is not None and fact.base_quantity is not None and fact.line.quantity > 0
    }
    route, day = evaluation.facts.route, evaluation.facts.today
    erp = route.erp if route else account.erp
    seen = check_prices(account=account, wanted=list(wanted.values()), on=day, connection=erp)
    return {line_no: seen[line] for line_no, line in wanted.items()}
