"""What a dealer should see first: what waits for them, what they owe, and what credit is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from distportal.accounts.models import Account, User
from orders.choices import InvoiceKind, OrderStatus, RemittanceState
from orders.models import DraftLine, Invoice, Order, RemittanceLine
from orders.queries.claims import disputed_of
from orders.queries.payments import memos_taken

_MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
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
    late = overdue_invoices(account=account, today=today).aggregate(number=Count("pk"), amount=Sum("left"))
    left = account.credit_available - (told["open"] or NOTHING) if account.credit_as_of else None
    return Standing(
        held=told["held"],
        in_cart=_in_cart(account, user),
        overdue=late["number"],
        overdue_amount=late["amount"] or NOTHING,
        balance=account.credit_balance,
        left=left,
        any_orders=bool(told["held"] or told["open"]) or orders.exists(),
    )


def _in_cart(account: Account, user: User) -> int:
    return DraftLine.objects.filter(
        draft__account=account, draft__user=user, draft__order=None, later=False
    ).count()  # fmt: skip


def overdue_invoices(*, account: Account, today: dt.date) -> QuerySet[Any]:
    """The account's invoices that were due before today and are not paid whole, with what is `left` of each that is not
    in dispute: by the same sums as `payments.Balance`.
    """
    lines = RemittanceLine.objects.filter(invoice=OuterRef("pk"), remittance__state=RemittanceState.APPLIED).order_by()
    paid = lines.values("invoice").annotate(sum=Sum(F("paid") + F("discount"))).values("sum")
    memos = Invoice.objects.filter(corrects=OuterRef("pk"), kind=InvoiceKind.CREDIT_MEMO).exclude(pk__in=memos_taken())
    credited = memos.order_by().values("corrects").annotate(sum=Sum("total")).values("sum")
    zero = Value(NOTHING, output_field=_MONEY)
    due = Invoice.objects.filter(account=account, kind=InvoiceKind.INVOICE, due_on__lt=today)
    rows: QuerySet[Any] = due.annotate(
        left=F("total")
        - Coalesce(Subquery(paid, output_field=_MONEY), zero)
        - Coalesce(Subquery(credited, output_field=_MONEY), zero)
        - Coalesce(disputed_of(OuterRef("pk")), zero, output_field=_MONEY)
    )
    return rows.filter(left__gt=0)
