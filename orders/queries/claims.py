"""What of an invoice is in dispute, and what can still be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField, When

from distportal.accounts.models import Account
from distportal.common.among import Among
from distportal.common.marks import SOME_KEYS
from distportal.common.prepared import PreparedValues
from orders.choices import DisputeStatus
from orders.models import Dispute, DisputeLine, Invoice, InvoiceLine


def claimable(invoice: Invoice, lines: Iterable[InvoiceLine] | None = None) -> dict[int, Decimal]:
    """Invoice line id -> the amount that no live dispute claims yet; `lines` are all of its lines, where they are read
    already.
    """
    rows = DisputeLine.objects.filter(invoice_line__invoice=invoice).exclude(dispute__status__in=DisputeStatus.FREE)
    taken = dict(rows.values_list("invoice_line").annotate(sum=Sum("amount")))
    return {
        line.pk: line.amount - taken.get(line.pk, Decimal(0))
        for line in (invoice.lines.all() if lines is None else lines)
    }


KEPT = Case(When(status=DisputeStatus.APPROVED, then=F("amount_approved")), default=F("amount_claimed"))
"""What an open dispute keeps back: the claim, or what was approved of it and is not credited yet."""


def in_dispute(invoice_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Invoice id -> what open disputes keep back of it."""
    return dict(_KEPT_OF(list(invoice_ids)) if invoice_ids else ())


def _kept_of(invoice_ids: list[UUID]) -> QuerySet[Dispute, tuple[UUID, Decimal]]:
    rows = Dispute.objects.filter(Among("invoice_id", invoice_ids, of=UUIDField()), status__in=DisputeStatus.OPEN)
    return rows.order_by().values_list("invoice").annotate(sum=Sum(KEPT))


_KEPT_OF = PreparedValues(_kept_of, SOME_KEYS)


def disputed_of(invoice: OuterRef, *, as_of: dt.date | None = None) -> Subquery:
    """The same as a part of another query, None where nothing is; `as_of` is what was kept back at the end of a day."""
    rows = _keeping(Dispute.objects.filter(invoice=invoice), as_of)
    return Subquery(rows.order_by().values("invoice").annotate(sum=Sum(KEPT)).values("sum"))


def kept_back(account: Account, *, as_of: dt.date | None = None) -> dict[UUID, Decimal]:
    """The same for all of an account, in one query: invoice id -> what is kept back of it, where anything is."""
    if as_of is None:
        return dict(_KEPT_NOW(account.pk))
    rows = _keeping(Dispute.objects.filter(account=account), as_of)
    return dict(rows.order_by().values_list("invoice").annotate(sum=Sum(KEPT)))


def _kept_now(account_id: UUID) -> QuerySet[Dispute, tuple[UUID, Decimal]]:
    rows = _keeping(Dispute.objects.filter(account=account_id), None)
    return rows.order_by().values_list("invoice").annotate(sum=Sum(KEPT))


_KEPT_NOW = PreparedValues(_kept_now)


def _keeping(rows: QuerySet[Dispute], as_of: dt.date | None) -> QuerySet[Dispute]:
    if as_of is None:
        return rows.filter(status__in=DisputeStatus.OPEN)
    rows = rows.filter(opened_at__date__lte=as_of).exclude(status__in=(DisputeStatus.DRAFT, DisputeStatus.SPLIT))
    return rows.filter(Q(status__in=DisputeStatus.OPEN) | Q(ended_at__date__gt=as_of))
