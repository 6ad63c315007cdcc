"""Whose work which dispute is: the lists that finance works through, and the figures on its front page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from distportal.accounts.models import User
from distportal.common.site_day import site_day
from orders.choices import DisputeStatus, FindingState
from orders.models import Dispute, InvoiceFinding

ERP_DAYS = 3
"""An ERP that has not booked an approved credit for so long is asked about."""
_OPEN = Q(status__in=DisputeStatus.OPEN)
_AT_WORK = (*DisputeStatus.OPEN, DisputeStatus.BOOKED, DisputeStatus.REVERSING)
"""Whatever is on a list is in one of these."""
_Make = Callable[[User, dt.datetime], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """One list: its word in the address, its title, and which disputes are on it for a person at a time."""

    title: str
    rows: _Make


WORK_LISTS: Mapping[str, WorkList] = {
    "processor": WorkList(title="I process", rows=lambda user, now: _OPEN & Q(processor=user)),
    "coordinator": WorkList(title="I coordinate", rows=lambda user, now: _OPEN & Q(coordinator=user)),
    "responsible": WorkList(title="I am responsible for", rows=lambda user, now: _OPEN & Q(responsible=user)),
    "nobody": WorkList(title="Nobody's", rows=lambda user, now: Q(status__in=DisputeStatus.UNDECIDED, processor=None)),
    "second": WorkList(
        title="Need my second signature",
        rows=lambda user, now: (
            Q(status=DisputeStatus.WAITING_APPROVAL) & ~Q(decided_by=user)
            | Q(status=DisputeStatus.REVERSING, reversal_agreed_by=None) & ~Q(reversed_by=user)
        ),
    ),
    "ready": WorkList(
        title="Ready to decide", rows=lambda user, now: Q(status__in=DisputeStatus.UNDECIDED, evidence_ready=True)
    ),
    "remind": WorkList(
        title="Answer overdue", rows=lambda user, now: Q(status=DisputeStatus.NEED_INFO, remind_on__lte=site_day(now))
    ),
    "erp": WorkList(
        title="ERP has not booked",
        rows=lambda user, now: Q(status=DisputeStatus.APPROVED, decided_at__lt=now - dt.timedelta(days=ERP_DAYS)),
    ),
    "booked": WorkList(title="Booked, not closed", rows=lambda user, now: Q(status=DisputeStatus.BOOKED)),
}


def on_list(name: str, *, user: User, now: dt.datetime) -> Q:
    """The disputes of one of WORK_LISTS; all of them for another word."""
    found = WORK_LISTS.get(name)
    return found.rows(user, now) if found else Q()


def work_counts(*, user: User, now: dt.datetime) -> list[tuple[str, str, int]]:
    """Name, title and number of each list in their order, from one query over what is not over alone."""
    counted = {f"on_{name}": Count("pk", filter=one.rows(user, now)) for name, one in WORK_LISTS.items()}
    found = Dispute.objects.filter(status__in=_AT_WORK).order_by().aggregate(**counted)
    return [(name, one.title, found[f"on_{name}"]) for name, one in WORK_LISTS.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """How many of something there are, and what they come to, in one currency."""

    currency: str
    count: int
    amount: Decimal


def open_disputes() -> list[Money]:
    """What is claimed and not settled, by currency."""
    return _money(Dispute.objects.filter(_OPEN), "amount_claimed")


def open_findings_money() -> list[Money]:
    """What our own check found and nobody answered, by currency."""
    return _money(InvoiceFinding.objects.filter(state=FindingState.OPEN), "amount")


def _money(rows: QuerySet[Any], field: str) -> list[Money]:
    found = rows.order_by("currency").values("currency").annotate(count=Count("pk"), amount=Sum(field))
    return [Money(currency=row["currency"], count=row["count"], amount=row["amount"]) for row in found]
