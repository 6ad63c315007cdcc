"""All key figures at one glance, and one of them explained."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from distportal.measures.definitions import KPIS, kpi
from distportal.measures.kinds import Unit
from distportal.measures.reading import Figure, read_figures
from distportal.measures.registry import sources_of
from distportal.web.audience import PersonRequest
from distportal.web.day_charts import Chart, Point, bar_chart
from distportal.web.figures.asking import SPANS, TEAM, asked_days, asked_figures
from distportal.web.figures.words import said


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """Every figure, today live and over some days, against its target."""
    asked = asked_figures({**request.GET.dict(), "part": ""})
    figures = read_figures(KPIS, asked)
    context = {
        "rows": [(figure, chart_of(figure)) for figure in figures],
        "partners": sorted({name for figure in figures for name in figure.partners}),
        "missed": sum(figure.today.met is False for figure in figures),
        **_chosen(request),
    }
    return render(request, "web/figures/index.html", context)


@require_GET
@TEAM
def figure(request: PersonRequest, code: str) -> HttpResponse:
    """What the figure means, by day, by partner and by part, with ways to the rows."""
    known = kpi(code)
    if known is None:
        raise Http404
    asked = asked_figures(request.GET.dict())
    found = read_figures([known], asked)[0]
    context = {
        "kpi": known,
        "figure": found,
        "chart": chart_of(found),
        "days": list(found.by_day.items())[::-1],
        "sources": sources_of(code),
        "asked": asked,
        "span": urlencode({"first": asked.first.isoformat(), "last": asked.last.isoformat()}),
        **_chosen(request),
    }
    return render(request, "web/figures/figure.html", context)


def chart_of(figure: Figure) -> Chart:
    """A bar for each day; a day on which nothing was counted has none."""
    points = [
        Point(label=date_format(day, "j M"), value=reading.value, words=said(reading), good=reading.met)
        for day, reading in figure.by_day.items()
    ]
    most = Decimal(1) if figure.kpi.unit == Unit.SHARE else None
    return bar_chart(points, target=figure.kpi.target, most=most)


def _chosen(request: PersonRequest) -> dict[str, object]:
    query = request.GET.dict()
    return {
        "spans": SPANS,
        "chosen_days": asked_days(query),
        "partner": query.get("partner", ""),
        "part": query.get("part", ""),
        "filtered": bool(query.get("partner") or query.get("part")),
    }
