"""Count the rows behind a figure: the one way to a number, for the day's table and for today alike."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, DecimalField, DurationField, ExpressionWrapper, F, Func, Max, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.utils import timezone

from distportal.measures.days import start_of
from distportal.measures.kinds import Kpi
from distportal.measures.registry import Source, sources_of
from distportal.measures.tally import Tally

_KNOWN = Q(fact_value__isnull=False)
_PLACES = Decimal("0.001")


class Slice(NamedTuple):
    """Where a tally belongs: the day, the partner's code, and the part (channel, queue, document)."""

    day: dt.date
    partner: str
    part: str


def seconds_between(begin: str, end: str) -> Func:
    """The expression for the seconds from one column to another, in thousandths."""
    gap: Combinable = F(end) - F(begin)
    return Func(
        ExpressionWrapper(gap, output_field=DurationField()),
        template="round(extract(epoch FROM %(expressions)s)::numeric, 3)",
        output_field=DecimalField(max_digits=20, decimal_places=3),
    )


def count_rows(kpi: Kpi, *, first: dt.date, last: dt.date) -> dict[Slice, Tally]:
    """The tally of every day, partner and part that has rows from the first day to the last; one query a source."""
    found: dict[Slice, Tally] = defaultdict(Tally)
    for source in sources_of(kpi.code):
        for slot, tally in _of_source(source, first, last):
            found[slot] += tally
    return dict(found)


def _of_source(source: Source, first: dt.date, last: dt.date) -> list[tuple[Slice, Tally]]:
    rows = source.between(start_of(first), start_of(last + dt.timedelta(days=1)))
    grouped = (
        rows.order_by()
        .annotate(fact_day=TruncDate("fact_at", tzinfo=timezone.get_default_timezone()))
        .values("fact_day", "fact_partner", "fact_part")
        .annotate(
            rows_known=Count("pk", filter=_KNOWN),
            rows_good=Count("pk", filter=_KNOWN & source.is_good),
            rows_waiting=Count("pk", filter=~_KNOWN),
            values_sum=Sum("fact_value"),
            values_most=Max("fact_value"),
        )
    )
    return [
        (
            Slice(row["fact_day"], row["fact_partner"] or "", row["fact_part"] or ""),
            Tally(
                row["rows_known"], row["rows_good"], row["rows_waiting"],
                Decimal(row["values_sum"] or 0).quantize(_PLACES), Decimal(row["values_most"] or 0).quantize(_PLACES),
            ),
        )
        for row in grouped
    ]  # fmt: skip
