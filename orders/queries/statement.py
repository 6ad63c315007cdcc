"""The account's statement: what was owed on a day, what happened since, and what is owed on another, by its age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, UUIDField
from django.db.models.functions import Coalesce, Collate

from distportal.accounts.models import Account
from distportal.common.among import Among
from distportal.common.marks import A_DAY, A_KEY, A_TEXT, ANOTHER_DAY
from distportal.common.prepared import PreparedValues
from orders.choices import InvoiceKind, RemittanceState
from orders.models import Invoice, Order, Remittance, RemittanceLine
from orders.queries.receivables import NOTHING, Receivables, receivables_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One document or payment: `amount` raises what is owed, below zero it lowers it; `balance` is after it."""

    on: dt.date
    kind: str
    number: str
    reference: str
    due_on: dt.date | None
    amount: Decimal
    balance: Decimal

    @property
    def charge(self) -> Decimal | None:
        """The amount where it raises what is owed."""
        return self.amount if self.amount >= 0 else None

    @property
    def credit(self) -> Decimal | None:
        """The amount, above zero, where it lowers what is owed."""
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Opening balance plus movements is the closing balance; open invoices by age less what is not set against one is
    the closing balance, too. `carried` is what was owed after the `hidden` movements that are left out.
    """

    account: Account
    currency: str
    since: dt.date
    as_of: dt.date
    opening: Decimal
    movements: tuple[Movement, ...]
    ages: Receivables
    hidden: int = 0

    @property
    def carried(self) -> Decimal:
        """What was owed before the first movement that is told."""
        return self.movements[0].balance - self.movements[0].amount if self.movements else self.opening

    @property
    def closing(self) -> Decimal:
        """What is owed at the end of the day `as_of`."""
        return self.movements[-1].balance if self.movements else self.opening

    @property
    def unapplied(self) -> Decimal:
        """Credits and payments that are not set against an invoice."""
        return self.ages.open - self.closing


def statement_of(account: Account, *, since: dt.date, as_of: dt.date, currency: str = "", newest: int = 0) -> Statement:
    """The statement from the start of one day to the end of another, with the `newest` movements or all of them; seven
    queries whatever happened.
    """
    currency = currency or account.currency
    asked = account.pk, currency, since, as_of
    billed, paid = _sums(_BILLED_SUMS, *asked), _sums(_PAID_SUMS, *asked)
    opening = billed.before - paid.before
    found = receivables_of(account, today=as_of, as_of=as_of)
    moves = sorted([*_billed(newest, asked), *_paid(newest, asked)])
    moves = moves[-newest:] if newest else moves
    hidden = billed.count + paid.count - len(moves) if newest else 0
    before = opening + billed.within - paid.within - sum((amount for *_, amount in moves), NOTHING)
    return Statement(
        account=account,
        currency=currency,
        since=since,
        as_of=as_of,
        opening=opening,
        movements=tuple(_running(before, moves)),
        ages=next((one for one in found if one.currency == currency), Receivables(currency=currency)),
        hidden=hidden,
    )


_Move = tuple[dt.date, int, str, str, str, dt.date | None, Decimal]
"""Day, place within the day, kind, number, the order's id or how it was paid, due day, amount."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """What rows come to before the time of the statement and within it, and how many are within it."""

    before: Decimal
    within: Decimal
    count: int


_WITHIN = """
SELECT coalesce(sum(amount) FILTER (WHERE day < %(since)s), 0),
       coalesce(sum(amount) FILTER (WHERE day >= %(since)s), 0),
       count(*) FILTER (WHERE day >= %(since)s)
  FROM ({rows}) AS moves
"""
_BILLED_SUMS = _WITHIN.format(
    rows="""
SELECT issued_on AS day, CASE WHEN kind = 'credit_memo' THEN -total ELSE total END AS amount FROM orders_invoice
 WHERE account_id = %(account)s AND currency = %(currency)s AND issued_on <= %(as_of)s
"""
)
_PAID_SUMS = _WITHIN.format(
    rows="""
SELECT paid_on AS day, coalesce(settled, (SELECT sum(line.paid + line.discount) FROM orders_remittanceline line
                                           WHERE line.remittance_id = payment.id), 0) AS amount
  FROM orders_remittance payment
 WHERE account_id = %(account)s AND currency = %(currency)s AND paid_on <= %(as_of)s AND state = 'applied'
"""
)
"""What the lines of a payment come to is kept beside it, and looked up only where it is not reckoned yet."""


def _sums(sql: str, account_id: UUID, currency: str, since: dt.date, as_of: dt.date) -> _Sums:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"account": account_id, "currency": currency, "since": since, "as_of": as_of})
        return _Sums(*cursor.fetchone())


_Asked = tuple[UUID, str, dt.date, dt.date]
_MARKS = (A_KEY, A_TEXT, A_DAY, ANOTHER_DAY)


def _billed(newest: int, asked: _Asked) -> Iterator[_Move]:
    for issued_on, kind, number, order, due_on, total in _documents(newest)(*asked):
        memo = kind == InvoiceKind.CREDIT_MEMO
        about = str(order) if order else ""
        yield issued_on, 1 if memo else 0, kind, number, about, None if memo else due_on, -total if memo else total


def _paid(newest: int, asked: _Asked) -> Iterator[_Move]:
    for paid_on, trace, method, amount in _payments(newest)(*asked):
        yield paid_on, 2, "payment", trace, method, None, -amount


@lru_cache(maxsize=16)
def _documents(newest: int) -> PreparedValues:
    """The newest, or all for 0, in the order in which Python puts them, the other way round."""

    def rows(account_id: UUID, currency: str, since: dt.date, as_of: dt.date) -> QuerySet[Any, Any]:
        found = Invoice.objects.filter(account=account_id, currency=currency)
        found = found.filter(issued_on__gte=since, issued_on__lte=as_of)
        found = found.order_by("-issued_on", "kind", Collate("number", "C").desc())
        return found.values_list("issued_on", "kind", "number", "order", "due_on", "total")[: newest or None]

    return PreparedValues(rows, *_MARKS)


@lru_cache(maxsize=16)
def _payments(newest: int) -> PreparedValues:
    """The same of payments."""

    def rows(account_id: UUID, currency: str, since: dt.date, as_of: dt.date) -> QuerySet[Any, Any]:
        lines = RemittanceLine.objects.filter(remittance=OuterRef("pk")).order_by().values("remittance")
        looked_up = Subquery(lines.annotate(sum=Sum(F("paid") + F("discount"))).values("sum"))
        found = Remittance.objects.filter(account=account_id, currency=currency, state=RemittanceState.APPLIED)
        found = found.filter(paid_on__gte=since, paid_on__lte=as_of).order_by("-paid_on", Collate("trace", "C").desc())
        told = found.annotate(sum=Coalesce(F("settled"), looked_up, NOTHING))
        return told.values_list("paid_on", "trace", "method", "sum")[: newest or None]

    return PreparedValues(rows, *_MARKS)


def _running(opening: Decimal, moves: list[_Move]) -> Iterator[Movement]:
    orders = [about for _, _, kind, _, about, _, _ in moves if about and kind != "payment"]
    rows = Order.objects.filter(Among("pk", orders, of=UUIDField())).order_by()
    pos = {str(pk): po for pk, po in rows.values_list("pk", "po_number")}
    balance = opening
    for on, _, kind, number, about, due_on, amount in moves:
        balance += amount
        reference = about if kind == "payment" else pos.get(about, "")
        yield Movement(
            on=on, kind=kind, number=number, reference=reference, due_on=due_on, amount=amount, balance=balance
        )
