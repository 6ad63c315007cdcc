"""What finance reports of disputes: open money by reason, state, age, owner, cause; how long it takes; who won."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from orders.choices import DisputeOutcome, DisputeReason, DisputeStatus, RootCause
from orders.models import Dispute

NOTHING = Decimal(0)
DAYS = 90
"""How far back decided disputes are looked at."""
AGES: Sequence[tuple[str, int, int | None]] = (
    ("up to 7 days", 0, 7), ("8 to 30 days", 8, 30), ("31 to 60 days", 31, 60), ("over 60 days", 61, None),
)  # fmt: skip
_DECIDED = (
    DisputeStatus.APPROVED, DisputeStatus.BOOKED, DisputeStatus.CLOSED, DisputeStatus.REJECTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a table and its bar: `share` is in whole per cent of the largest. `query` is the list behind it."""

    label: str
    count: int
    amount: Decimal
    share: int
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One breakdown."""

    name: str
    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeReport:
    """All of one currency. `days_open` and `days_to_end` leave out the time that we waited for dealers. `outstanding`
    is how many days of new disputes are open: what is open by what came in on a day of the last DAYS days. Of what was
    decided in DAYS days `kept_share` is how much of the money was not credited, and `won_share` how many disputes were
    denied, in per cent. None where there is nothing to tell.
    """

    currency: str
    open_count: int
    open_amount: Decimal
    days_open: float | None
    days_to_end: float | None
    outstanding: float | None
    kept_share: int | None
    won_share: int | None
    tables: Sequence[Table]


def dispute_currencies() -> list[str]:
    """The currencies in which something is or was in dispute."""
    return sorted(Dispute.objects.order_by().values_list("currency", flat=True).distinct())


def dispute_report(*, currency: str, now: dt.datetime) -> DisputeReport:
    """The report of one currency as of now; thirteen queries whatever the number of disputes."""
    rows = Dispute.objects.filter(currency=currency).order_by()
    waiting = rows.filter(status__in=DisputeStatus.OPEN)
    told = waiting.aggregate(count=Count("pk"), amount=Sum("amount_claimed"), days=Avg(_lasting(now)))
    since = now - dt.timedelta(days=DAYS)
    decided = rows.filter(status__in=_DECIDED, decided_at__gte=since)
    ended = rows.filter(ended_at__gte=since).exclude(status=DisputeStatus.SPLIT)
    return DisputeReport(
        currency=currency,
        open_count=told["count"],
        open_amount=told["amount"] or NOTHING,
        days_open=_days(told["days"]),
        days_to_end=_days(ended.aggregate(days=Avg(_lasting(now)))["days"]),
        outstanding=_outstanding(told["amount"], rows.filter(opened_at__gte=since)),
        kept_share=_kept(decided),
        won_share=_won(decided),
        tables=[
            _by(waiting, "reason", "Open by reason", dict(DisputeReason.choices), "reason__exact"),
            _by(waiting, "status", "Open by state", dict(DisputeStatus.choices), "status__exact"),
            _by_age(waiting, now),
            _by(waiting, "processor__email", "Open by processor", {None: "nobody"}, "owner"),
            _by(waiting, "coordinator__email", "Open by coordinator", {None: "nobody"}, ""),
            _by(waiting, "responsible__email", "Open by person responsible", {None: "nobody"}, ""),
            _by(waiting, "root_cause", "Open by cause", {**dict(RootCause.choices), "": "not said yet"},
                "root_cause__exact"),
            _by(decided, "root_cause", f"Decided in {DAYS} days by cause",
                {**dict(RootCause.choices), "": "not said"}, "root_cause__exact"),
            _by(decided, "outcome", f"Decided in {DAYS} days by outcome",
                {**dict(DisputeOutcome.choices), "": "not said"}, "outcome__exact"),
        ],
    )  # fmt: skip


def _lasting(now: dt.datetime) -> ExpressionWrapper[Any]:
    """How long a dispute has been, or was, our business."""
    waited = F("waited_seconds") * Value(dt.timedelta(seconds=1), output_field=DurationField())
    whole = Coalesce(F("ended_at"), Value(now)) - F("opened_at")
    return ExpressionWrapper(whole - waited, output_field=DurationField())


def _days(lasting: dt.timedelta | None) -> float | None:
    return None if lasting is None else round(lasting.total_seconds() / 86400, 1)


def _kept(decided: QuerySet[Dispute]) -> int | None:
    told = decided.aggregate(claimed=Sum("amount_claimed"), credited=Sum("amount_approved"))
    if not told["claimed"]:
        return None
    return int((told["claimed"] - (told["credited"] or NOTHING)) * 100 / told["claimed"])


def _outstanding(amount: Decimal | None, came: QuerySet[Dispute]) -> float | None:
    """A draft, and what was split into parts that are counted themselves, did not come in."""
    told = came.exclude(status__in=(DisputeStatus.DRAFT, DisputeStatus.SPLIT)).aggregate(sum=Sum("amount_claimed"))
    return round(float((amount or NOTHING) * DAYS / told["sum"]), 1) if told["sum"] else None


def _won(decided: QuerySet[Dispute]) -> int | None:
    told = decided.aggregate(all=Count("pk"), denied=Count("pk", filter=Q(status=DisputeStatus.REJECTED)))
    return int(told["denied"] * 100 / told["all"]) if told["all"] else None


def _by(rows: QuerySet[Dispute], field: str, title: str, words: Mapping[Any, Any], filtered_by: str) -> Table:
    found = rows.values_list(field).annotate(count=Count("pk"), amount=Sum("amount_claimed")).order_by("-amount")
    told = [
        (str(words.get(value, value)), count, amount, f"{filtered_by}={value}" if filtered_by and value else "")
        for value, count, amount in found
    ]
    return Table(name=field.partition("__")[0], title=title, bars=_bars(told))


def _by_age(rows: QuerySet[Dispute], now: dt.datetime) -> Table:
    sums: dict[str, Any] = {}
    for n, (_, least, most) in enumerate(AGES):
        fits = Q(opened_at__lte=now - dt.timedelta(days=least)) if least else Q()
        if most is not None:
            fits &= Q(opened_at__gt=now - dt.timedelta(days=most + 1))
        sums |= {f"count_{n}": Count("pk", filter=fits), f"amount_{n}": Sum("amount_claimed", filter=fits)}
    told = rows.aggregate(**sums)
    found = [(label, told[f"count_{n}"], told[f"amount_{n}"] or NOTHING, "") for n, (label, *_) in enumerate(AGES)]
    return Table(name="age", title="Open by age", bars=_bars(found))


def _bars(told: Iterable[tuple[str, int, Decimal, str]]) -> list[Bar]:
    rows = list(told)
    most = max((amount for _, _, amount, _ in rows), default=NOTHING)
    return [
        Bar(label=label, count=count, amount=amount, share=int(amount * 100 / most) if most else 0, query=query)
        for label, count, amount, query in rows
    ]


def report_rows(report: DisputeReport) -> Iterable[list[object]]:
    """The report as a table of one kind of rows: breakdown, what, how many, how much, currency."""
    yield ["Open", "all", report.open_count, report.open_amount, report.currency]
    for table in report.tables:
        for bar in table.bars:
            yield [table.title, bar.label, bar.count, bar.amount, report.currency]
    for title, value in (
        ("Days open on average", report.days_open), (f"Days to the end, {DAYS} days", report.days_to_end),
        ("Days outstanding", report.outstanding),
        (f"Denied of the disputes decided in {DAYS} days, per cent", report.won_share),
        (f"Not credited of what was decided in {DAYS} days, per cent", report.kept_share),
    ):  # fmt: skip
        yield [title, "", "", "" if value is None else value, report.currency]
