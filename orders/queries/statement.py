"""The account's statement: what was owed on a day, what happened since, and what is owed on another, by its age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField, When
from django.db.models.functions import Coalesce, Collate

from distportal.accounts.models import Account
from distportal.common.among import Among
from orders.choices import InvoiceKind, RemittanceState
from orders.models import Invoice, Order, Remittance, RemittanceLine
from orders.queries.receivables import MONEY, NOTHING, Receivables, receivables_of


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
    documents = Invoice.objects.filter(account=account, currency=currency)
    payments = Remittance.objects.filter(account=account, currency=currency, state=RemittanceState.APPLIED)
    billed, paid = _owed(documents, since, as_of), _paid(payments, since, as_of)
    opening = billed.before - paid.before
    found = receivables_of(account, today=as_of, as_of=as_of)
    moves = sorted([*_billed(documents, since, as_of, newest), *_payments(payments, since, as_of, newest)])
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


def _owed(documents: QuerySet[Invoice], since: dt.date, as_of: dt.date) -> _Sums:
    signed = Case(When(kind=InvoiceKind.CREDIT_MEMO, then=-F("total")), default=F("total"), output_field=MONEY)
    return _sums(documents.filter(issued_on__lte=as_of), signed, Q(issued_on__lt=since))


def _paid(payments: QuerySet[Remittance], since: dt.date, as_of: dt.date) -> _Sums:
    return _sums(payments.filter(paid_on__lte=as_of), _settled(), Q(paid_on__lt=since))


def _sums(rows: QuerySet[Any, Any], amount: Case | Coalesce, earlier: Q) -> _Sums:
    found = rows.order_by().aggregate(
        before=Sum(amount, filter=earlier), within=Sum(amount, filter=~earlier), count=Count("pk", filter=~earlier)
    )
    return _Sums(found["before"] or NOTHING, found["within"] or NOTHING, found["count"])


def _settled() -> Coalesce:
    """What the lines of a payment come to: kept beside it, looked up only where it is not reckoned yet."""
    lines = RemittanceLine.objects.filter(remittance=OuterRef("pk")).order_by().values("remittance")
    return Coalesce(F("settled"), Subquery(lines.annotate(sum=Sum(F("paid") + F("discount"))).values("sum")), NOTHING)


def _billed(documents: QuerySet[Invoice], since: dt.date, as_of: dt.date, newest: int) -> Iterator[_Move]:
    rows = documents.filter(issued_on__gte=since, issued_on__lte=as_of)
    rows = rows.order_by("-issued_on", "kind", Collate("number", "C").desc())  # as Python puts them, the other way
    for issued_on, kind, number, order, due_on, total in rows.values_list(
        "issued_on", "kind", "number", "order", "due_on", "total"
    )[: newest or None]:
        memo = kind == InvoiceKind.CREDIT_MEMO
        about = str(order) if order else ""
        yield issued_on, 1 if memo else 0, kind, number, about, None if memo else due_on, -total if memo else total


def _payments(payments: QuerySet[Remittance], since: dt.date, as_of: dt.date, newest: int) -> Iterator[_Move]:
    told = payments.filter(paid_on__gte=since, paid_on__lte=as_of).annotate(sum=_settled())
    told = told.order_by("-paid_on", Collate("trace", "C").desc())
    for paid_on, trace, method, amount in told.values_list("paid_on", "trace", "method", "sum")[: newest or None]:
        yield paid_on, 2, "payment", trace, method, None, -amount


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
