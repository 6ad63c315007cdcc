"""What an account owes: the open amount of each invoice in the database's own words, sums of it, and its age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from distportal.accounts.models import Account
from distportal.common.prepared import PreparedValues
from orders.choices import DisputeStatus, InvoiceKind, RemittanceState
from orders.models import Dispute, Invoice, RemittanceLine
from orders.queries.claims import KEPT, disputed_of, kept_back
from orders.queries.open_documents import OpenDocument, open_documents

NOTHING = Decimal(0)
MONEY = DecimalField(max_digits=16, decimal_places=2)
AGES: Mapping[str, Lazy | str] = {
    "current": _("Not due yet"),
    "1-30": _("1–30 days overdue"),
    "31-60": _("31–60 days overdue"),
    "61-90": _("61–90 days overdue"),
    "over-90": _("Over 90 days overdue"),
    "disputed": _("In dispute, not due"),
}
LATE = ("1-30", "31-60", "61-90", "over-90")
"""The ages that are overdue. What is in dispute is of no age: it is not due until the dispute is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivables:
    """What one account owes in one currency. `open` is of invoices that are not settled, `credits` what was paid too
    much or credited and is not set against an invoice; `ages` splits `open` by how long it is overdue, and what of it
    is in dispute, which `overdue` leaves out.
    """

    currency: str
    open: Decimal = NOTHING
    overdue: Decimal = NOTHING
    disputed: Decimal = NOTHING
    credits: Decimal = NOTHING
    ages: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def bar(self) -> list[tuple[str, Lazy | str, Decimal, int]]:
        """Age, its words, the amount, and its share of what is open in whole per cent, at least 1 of anything."""
        found = []
        for age, label in AGES.items():
            amount = self.ages.get(age, NOTHING)
            share = max(int(amount * 100 / self.open), 1) if amount and self.open else 0
            found.append((age, label, amount, share))
        return found


def with_open(rows: QuerySet[Invoice], *, as_of: dt.date | None = None) -> QuerySet[Any, Any]:
    """The documents with `open_amount`: what `balances_of` says of an invoice; of a credit memo that corrects none and
    that no payment took, its total below zero. It is what the database keeps, and looked up where there is no figure
    yet; `as_of` leaves out what was paid or credited later, which is looked up for each.
    """
    if as_of is None:
        looked_up = Func(F("pk"), function="orders_open_of", output_field=MONEY)
        return rows.annotate(open_amount=Coalesce(F("still_open"), looked_up, output_field=MONEY))
    lines = RemittanceLine.objects.filter(invoice=OuterRef("pk"), remittance__state=RemittanceState.APPLIED)
    memos = Invoice.objects.filter(corrects=OuterRef("pk"), kind=InvoiceKind.CREDIT_MEMO)
    lines, memos = lines.filter(remittance__paid_on__lte=as_of), memos.filter(issued_on__lte=as_of)
    settled = lines.order_by().values("invoice").annotate(sum=Sum(F("paid") + F("discount"))).values("sum")
    credited = memos.exclude(Exists(lines)).order_by().values("corrects").annotate(sum=Sum("total")).values("sum")
    owed = F("total") - _sum(settled) - _sum(credited)
    left = Case(When(Q(corrects=None) & ~Exists(lines), then=-F("total")), default=Value(NOTHING), output_field=MONEY)
    return rows.annotate(open_amount=Case(When(kind=InvoiceKind.INVOICE, then=owed), default=left, output_field=MONEY))


def not_settled(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Those of which something may be open: the few that an index knows."""
    return rows.filter(Q(still_open=None) | ~Q(still_open=0))


def with_due(rows: QuerySet[Invoice], *, as_of: dt.date | None = None) -> QuerySet[Any, Any]:
    """The documents with `open_amount`, `disputed_amount` of it, and `due_amount`: what has to be paid on its day."""
    disputed = Coalesce(disputed_of(OuterRef("pk"), as_of=as_of), Value(NOTHING), output_field=MONEY)
    found: QuerySet[Any, Any] = with_open(rows, as_of=as_of).annotate(
        disputed_amount=Greatest(Least(F("open_amount"), disputed), Value(NOTHING), output_field=MONEY)
    )
    return found.annotate(due_amount=F("open_amount") - F("disputed_amount"))  # type: ignore[no-any-return]


def _sum(rows: QuerySet[RemittanceLine, object] | QuerySet[Invoice, object]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=MONEY), Value(NOTHING), output_field=MONEY)


def of_age(age: str, today: dt.date) -> Q:
    """Documents of `with_due` by how long they are due on a day; an unknown word is all of them."""
    days = {"1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90)}
    if age == "disputed":
        return Q(disputed_amount__gt=0)
    if age == "current":
        return Q(due_on__gte=today)
    if age == "over-90":
        return Q(due_on__lt=today - dt.timedelta(days=90))
    if age in days:
        least, most = (today - dt.timedelta(days=n) for n in days[age])
        return Q(due_on__lte=least, due_on__gte=most)
    return Q()


def age_of(due_on: dt.date, today: dt.date) -> str:
    """The key of `AGES` for what is due on a day, as `of_age` finds it."""
    days = (today - due_on).days
    return next(
        (age for age, most in (("current", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90)) if days <= most), "over-90"
    )


def receivables_of(account: Account, *, today: dt.date, as_of: dt.date | None = None) -> list[Receivables]:
    """By currency in which something is open, the account's own first; three queries whatever the number of documents.
    As of a day two, and `disputed` is then what was kept back of what was open.
    """
    left: dict[str, list[tuple[OpenDocument, Decimal]]] = {}
    kept = kept_back(account, as_of=as_of)
    for document in open_documents(account.pk, as_of=as_of):
        disputed_of_it = max(min(document.amount, kept.get(document.invoice_id, NOTHING)), NOTHING)
        left.setdefault(document.currency, []).append((document, disputed_of_it))
    disputed = _disputed(account) if as_of is None else None
    for currency in disputed or ():
        left.setdefault(currency, [])
    found = [
        _summed(currency, amounts, None if disputed is None else disputed.get(currency, NOTHING), today)
        for currency, amounts in left.items()
    ]
    found = found or [Receivables(currency=account.currency)]
    return sorted(found, key=lambda one: (one.currency != account.currency, one.currency))


def _summed(
    currency: str, left: list[tuple[OpenDocument, Decimal]], disputed: Decimal | None, today: dt.date
) -> Receivables:
    ages = dict.fromkeys(AGES, NOTHING)
    for document, kept in left:
        if document.amount > 0:
            ages[age_of(document.due_on, today)] += document.amount - kept
            ages["disputed"] += kept
    owed = sum(ages.values(), NOTHING)
    return Receivables(
        currency=currency,
        open=owed,
        overdue=sum((ages[age] for age in LATE), NOTHING),
        disputed=ages["disputed"] if disputed is None else disputed,
        credits=-sum((document.amount for document, _ in left if document.amount < 0), NOTHING),
        ages=ages,
    )


def _disputed(account: Account) -> dict[str, Decimal]:
    """By currency what open disputes keep back."""
    return dict(_DISPUTED(account.pk))


def _kept_of(account_id: UUID) -> QuerySet[Dispute, tuple[str, Decimal]]:
    rows = Dispute.objects.filter(account=account_id, status__in=DisputeStatus.OPEN)
    return rows.order_by().values_list("currency").annotate(sum=Sum(KEPT))


_DISPUTED = PreparedValues(_kept_of)
