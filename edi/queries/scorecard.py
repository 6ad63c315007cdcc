"""How we did for one partner over some days: what left in time, what went wrong, what it cost, and what is disputed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.fields import DurationField
from django.db.models.functions import TruncWeek
from django.utils import timezone

from edi.choices import AckState, Direction, DocumentState, DueState
from edi.models import Document, DueDocument, TradingPartner
from orders.choices import DisputeStatus, PaidOutcome
from orders.models import Dispute, RemittanceLine

WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScore:
    """One document: of those due, how many left in time, did not, or are still open; how late on average, and fees."""

    set_id: str
    met: int
    missed: int
    open: int
    late_by: dt.timedelta | None

    @property
    def share(self) -> Decimal | None:
        """In time of all that is over; None where nothing is."""
        over = self.met + self.missed
        return Decimal(self.met) / over if over else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Documents of the time and those that went wrong, by who refused them."""

    received: int
    refused_by_us: int
    unusable: int
    sent: int
    refused_by_partner: int


def due_in(partner: TradingPartner, *, start: dt.datetime, end: dt.datetime) -> QuerySet[DueDocument]:
    """What was due to the partner from `start` up to `end`, without what is not due any more."""
    rows = DueDocument.objects.filter(partner=partner, due_at__gte=start, due_at__lt=end)
    return rows.exclude(state=DueState.VOID)


def set_scores(partner: TradingPartner, *, start: dt.datetime, end: dt.datetime) -> list[SetScore]:
    """By document; one query."""
    late = ExpressionWrapper(F("left_at") - F("due_at"), output_field=DurationField())
    rows = (
        due_in(partner, start=start, end=end)
        .order_by("set_id")
        .values("set_id")
        .annotate(
            met=Count("pk", filter=Q(state=DueState.MET)),
            missed=Count("pk", filter=Q(state=DueState.MISSED)),
            open=Count("pk", filter=Q(state=DueState.OPEN)),
            late_by=Avg(late, filter=Q(state=DueState.MISSED, left_at__isnull=False)),
        )
    )
    return [SetScore(**row) for row in rows]


def fees_by_currency(
    partner: TradingPartner, *, start: dt.datetime, end: dt.datetime
) -> list[tuple[str, Decimal, int]]:
    """What missed deadlines may cost by the partner's rules: currency, amount, how many documents."""
    rows = due_in(partner, start=start, end=end).filter(state=DueState.MISSED, fee__gt=0).order_by("currency")
    return list(
        rows.values_list("currency").annotate(fees=Sum("fee"), n=Count("pk")).values_list("currency", "fees", "n")
    )


def errors_of(partner: TradingPartner, *, start: dt.datetime, end: dt.datetime) -> Errors:
    """One query over the partner's live documents of the time."""
    rows = Document.objects.filter(partner=partner, created_at__gte=start, created_at__lt=end)
    inbound, outbound = Q(direction=Direction.IN), Q(direction=Direction.OUT)
    found = rows.exclude(group__interchange__usage="T").aggregate(
        received=Count("pk", filter=inbound),
        refused_by_us=Count("pk", filter=inbound & Q(state=DocumentState.INVALID)),
        unusable=Count("pk", filter=inbound & Q(state=DocumentState.FAILED)),
        sent=Count("pk", filter=outbound & Q(sent_at__isnull=False)),
        refused_by_partner=Count("pk", filter=outbound & Q(ack_state=AckState.REJECTED)),
    )
    return Errors(**found)


def deductions(partner: TradingPartner, *, start: dt.datetime, end: dt.datetime) -> list[tuple[str, Decimal, int]]:
    """What the partner kept back from payments of the time: currency, amount, how many lines."""
    rows = RemittanceLine.objects.filter(
        remittance__account=partner.account_id, remittance__recorded_at__gte=start, remittance__recorded_at__lt=end,
        remittance__state="applied", outcome=PaidOutcome.DEDUCTED,
    )  # fmt: skip
    grouped = rows.order_by("remittance__currency").values("remittance__currency")
    return [
        (row["remittance__currency"], abs(row["kept"] or Decimal(0)), row["n"])
        for row in grouped.annotate(kept=Sum("difference"), n=Count("pk"))
    ]


def disputes_of(partner: TradingPartner, *, start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """What the partner's account disputed in the time, by currency: how many, claimed, granted, and still open."""
    rows = Dispute.objects.filter(account=partner.account_id, opened_at__gte=start, opened_at__lt=end)
    grouped = (
        rows.exclude(status__in=("draft", "split"))
        .order_by("currency")
        .values("currency")
        .annotate(
            disputes=Count("pk"),
            open=Count("pk", filter=Q(status__in=DisputeStatus.OPEN)),
            claimed=Sum("amount_claimed"),
            granted=Sum("amount_approved", filter=Q(status__in=DisputeStatus.DECIDED)),
        )
    )
    return [dict(row) for row in grouped]


def weekly(partner: TradingPartner, *, until: dt.date, set_id: str = "") -> dict[dt.date, tuple[int, int]]:
    """By the Monday of each of the last weeks how many were met and missed; one query. Of the week that is not over up
    to `until`, as in the figures above it: what left early counts on the day it was due.
    """
    monday = until - dt.timedelta(days=until.weekday())
    weeks = [monday - dt.timedelta(weeks=n) for n in reversed(range(WEEKS))]
    zone = timezone.get_default_timezone()
    start, end = (
        timezone.make_aware(dt.datetime.combine(day, dt.time()), zone) for day in (weeks[0], until + dt.timedelta(1))
    )
    rows = due_in(partner, start=start, end=end)
    if set_id:
        rows = rows.filter(set_id=set_id)
    counted = (
        rows.order_by()
        .annotate(week=TruncWeek("due_at", tzinfo=zone))
        .values("week")
        .annotate(met=Count("pk", filter=Q(state=DueState.MET)), missed=Count("pk", filter=Q(state=DueState.MISSED)))
    )
    found = {row["week"].astimezone(zone).date(): (row["met"], row["missed"]) for row in counted}
    return {week: found.get(week, (0, 0)) for week in weeks}
