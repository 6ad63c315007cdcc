"""The page of who leads the desk: load, ageing, what comes again and again, and how cases end."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.web.audience import PersonRequest, staff_view
from distportal.web.charts import Chart, column_chart, stacked_bar
from exceptions.queries.supervising.ends import Day, days, ends
from exceptions.queries.supervising.periods import CHOICES, Period
from exceptions.queries.supervising.repeat_causes import SORTS, repeat_causes
from exceptions.queries.supervising.standing import AGES, Load, by_kind, by_person, by_queue, open_rows

LEADS = staff_view("operator")


@require_GET
@LEADS
def supervisor(request: PersonRequest) -> HttpResponse:
    """What is open is as of now; what came, ended and repeated is of the period in the address."""
    period = Period.of(request.GET)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "amount"
    rows, figures, told = open_rows(), ends(period), days(period)
    people = by_person(rows, settled=figures.people, names=figures.names)
    context = {
        "period": period, "choices": CHOICES, "ages": [label for _, label in AGES],
        "people": _with_bars(people), "queues": _with_bars(by_queue(rows)), "kinds": _with_ages(by_kind(rows)),
        "total": sum(row["open"] for row in rows), "late": sum(row["late"] for row in rows),
        "ends": figures, "days": told, "chart": column_chart([(day.came, day.ended) for day in told]),
        "came": sum(day.came for day in told), "in_words": _in_words(told),
        "causes": repeat_causes(period, sort=sort), "sort": sort, "sorts": SORTS.items(),
    }  # fmt: skip
    return render(request, "exceptions/ops/supervisor.html", context)


def _with_bars(loads: Sequence[Load]) -> list[tuple[Load, Chart]]:
    most = max((load.open for load in loads), default=0)
    return [(load, stacked_bar((load.in_time, load.aside, load.late), most=most)) for load in loads]


def _with_ages(loads: Sequence[Load]) -> list[tuple[Load, Chart]]:
    most = max((load.open for load in loads), default=0)
    return [(load, stacked_bar(load.ages, most=most)) for load in loads]


def _in_words(told: Sequence[Day]) -> str:
    """What the chart shows, for who can't see it."""
    busiest = max(told, key=lambda day: day.came)
    return (
        f"Cases by day: {sum(day.came for day in told)} came and {sum(day.ended for day in told)} ended; "
        f"most came on {busiest.on:%d %b}: {busiest.came}"
    )
