"""Orders that are placed one after the other, judged before they are: the credit that one takes the next has not."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from distportal.accounts.models import Account
from distportal.canonical.orders import Order as AskedOrder
from orders.choices import OrderStatus
from orders.process.evaluation import Evaluation, evaluate_order


def evaluate_together(*, orders: Iterable[AskedOrder], account: Account) -> list[Evaluation]:
    """The evaluations in the order in which they are placed; as at placing, only what is accepted takes credit."""
    found, besides = [], Decimal(0)
    for order in orders:
        evaluation = evaluate_order(order=order, account=account, besides=besides)
        if evaluation.status == OrderStatus.ACCEPTED:
            besides += evaluation.facts.total
        found.append(evaluation)
    return found
