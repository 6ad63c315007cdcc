"""An account's credit before an order, and after it, in figures and in one plain sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from distportal.common.money import show_money
from orders.choices import FindingAction
from orders.process.evaluation import Evaluation
from orders.process.foreseeing import Foreseen


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditWords:
    """By the same figures as the rule that holds an order: `left` after this order is below nothing where it does."""

    balance: Decimal
    open_orders: Decimal
    limit: Decimal
    left: Decimal
    sentence: str


def credit_words(evaluation: Evaluation, foreseen: Sequence[Foreseen] = ()) -> CreditWords | None:
    """Of a cart as a whole; `foreseen` is what will happen to the orders that it becomes. None where the ERP never
    told a credit.
    """
    facts, account = evaluation.facts, evaluation.facts.account
    if account.credit_as_of is None:
        return None
    left = account.credit_limit - account.credit_balance - facts.open_exposure - facts.total
    amount = show_money(abs(left), account.currency)
    held = sum("credit_exceeded" in one.why for one in foreseen)
    if len(foreseen) > 1:
        said = _of_several(over=left < 0, held=held)
    elif left >= 0:
        said = gettext("%(amount)s of your credit are left after this order.")
    elif evaluation.policies.action_for("credit_exceeded") == FindingAction.HOLD:
        said = gettext("This order goes %(amount)s over your credit limit, so it will be held: credit.")
    else:
        said = gettext("This order goes %(amount)s over your credit limit.")
    return CreditWords(
        balance=account.credit_balance,
        open_orders=facts.open_exposure,
        limit=account.credit_limit,
        left=left,
        sentence=said % {"amount": amount, "number": len(foreseen), "held": held},
    )


def _of_several(*, over: bool, held: int) -> str:
    if not over:
        return gettext("%(amount)s of your credit are left after these %(number)d orders.")
    if not held:
        return gettext("These %(number)d orders go %(amount)s over your credit limit together.")
    return ngettext(
        "These %(number)d orders go %(amount)s over your credit limit together, so one of them will be held: credit.",
        "These %(number)d orders go %(amount)s over your credit limit together, so %(held)d of them will be held: "
        "credit.",
        held,
    )
