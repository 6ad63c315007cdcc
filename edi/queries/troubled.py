"""Partners in trouble: mailboxes that cannot be reached, and what is due to whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet, Sum

from edi.choices import DueState
from edi.models import DueDocument, MailboxLink, TradingPartner


@dataclass(slots=True, kw_only=True)
class DueToPartner:
    """What is about to be late for one partner: how many, the next due time, their orders' worth by currency."""

    code: str
    name: str
    documents: int = 0
    due_at: dt.datetime | None = None
    money: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerToday:
    """One partner with what was due to it today."""

    partner: TradingPartner
    met: int = 0
    missed: int = 0
    at_risk: int = 0


def partners_today(*, start: dt.datetime, now: dt.datetime) -> list[PartnerToday]:
    """The active partners by name, with what was due since `start`; two queries."""
    rows = (
        DueDocument.objects.filter(due_at__gte=start)
        .order_by()
        .values("partner")
        .annotate(
            met=Count("pk", filter=Q(state=DueState.MET, due_at__lte=now)),
            missed=Count("pk", filter=Q(state=DueState.MISSED)),
            at_risk=Count("pk", filter=Q(state=DueState.OPEN, warn_at__lte=now)),
        )
    )
    due = {row["partner"]: (row["met"], row["missed"], row["at_risk"]) for row in rows}
    partners = TradingPartner.objects.filter(active=True).order_by("name", "code")
    found = [(partner, due.get(partner.pk, (0, 0, 0))) for partner in partners]
    return [PartnerToday(partner=partner, met=m, missed=n, at_risk=r) for partner, (m, n, r) in found]


def failing_links() -> QuerySet[MailboxLink]:
    """Directions of active mailboxes that fail, the longest first."""
    rows = MailboxLink.objects.filter(failed_since__isnull=False, mailbox__active=True)
    return rows.select_related("mailbox__partner").order_by("failed_since", "pk")


def due_soon(*, now: dt.datetime) -> list[DueToPartner]:
    """By partner the open documents that are at risk, the next one first; one query over what is open."""
    rows = (
        DueDocument.objects.filter(Q(warn_at__lte=now), state=DueState.OPEN, left_at=None)
        .order_by("partner__code", "currency")
        .values("partner__code", "partner__name", "currency")
        .annotate(documents=Count("pk"), due=Min("due_at"), worth=Sum("order__total"))
    )
    found: dict[str, DueToPartner] = {}
    for row in rows:
        code = row["partner__code"]
        one = found.setdefault(code, DueToPartner(code=code, name=row["partner__name"]))
        one.documents += row["documents"]
        one.due_at = min(filter(None, (one.due_at, row["due"])), default=None)
        if row["worth"]:
            one.money[row["currency"]] = row["worth"]
    return sorted(found.values(), key=lambda one: (str(one.due_at), one.code))
