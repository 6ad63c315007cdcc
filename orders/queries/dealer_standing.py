"""What a dealer should see first: what waits for them, what they owe, and what credit is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from distportal.accounts.models import Account, User
from distportal.common.marks import A_KEY, ANOTHER_KEY
from distportal.common.prepared import PreparedCount
from orders.choices import OrderStatus
from orders.models import DraftLine, Order
from orders.queries.claims import kept_back
from orders.queries.open_documents import open_documents

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one account: held orders, lines in the person's cart, overdue invoices and what they come to, and its credit
    by the ERP's figures; `left` takes off what was ordered since, and is None where the ERP told no credit.
    """

    held: int
    in_cart: int
    overdue: int
    overdue_amount: Decimal
    balance: Decimal
    left: Decimal | None
    any_orders: bool


def standing_of(*, account: Account, user: User, today: dt.date) -> Standing:
    """In four queries, whatever the account has."""
    orders = Order.objects.filter(account=account)
    running = Q(status__in=(OrderStatus.ACCEPTED, OrderStatus.CONFIRMED))
    told = orders.filter(status__in=OrderStatus.OPEN).aggregate(
        held=Count("pk", filter=Q(status=OrderStatus.HELD)), open=Sum("total", filter=running)
    )
    kept = kept_back(account)
    due = ((one, kept.get(one.invoice_id, NOTHING)) for one in open_documents(account.pk) if one.due_on < today)
    late = [one.amount - disputed for one, disputed in due if one.amount > disputed]
    left = account.credit_available - (told["open"] or NOTHING) if account.credit_as_of else None
    return Standing(
        held=told["held"],
        in_cart=IN_CART(account.pk, user.pk),
        overdue=len(late),
        overdue_amount=sum(late, NOTHING),
        balance=account.credit_balance,
        left=left,
        any_orders=bool(told["held"] or told["open"]) or orders.exists(),
    )


def _in_cart(account_id: UUID, user_id: UUID) -> QuerySet[DraftLine]:
    return DraftLine.objects.filter(
        draft__account=account_id, draft__user=user_id, draft__order=None, draft__asked=False, later=False
    )


IN_CART = PreparedCount(_in_cart, A_KEY, ANOTHER_KEY, most=1000)
"""How many lines wait in the cart that a person has at an account."""
