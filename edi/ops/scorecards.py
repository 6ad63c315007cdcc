"""Scorecards: how we do for each partner over a time, to read, to print, and to follow down to the rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from distportal.measures.days import start_of, today
from distportal.measures.definitions import kpi
from distportal.measures.reading import Asked, read_figures
from distportal.web.audience import PersonRequest
from distportal.web.day_charts import Chart, Point, bar_chart
from distportal.web.figures.asking import asked_rows
from distportal.web.figures.words import said_share
from distportal.web.paging import peeked_page
from edi.models import TradingPartner
from edi.ops.audience import READ
from edi.queries.scorecard import (
    deductions,
    disputes_of,
    due_in,
    errors_of,
    fees_by_currency,
    set_scores,
    weekly,
)

PERIODS = {"month": "This month", "last_month": "Last month", "90": "Last 90 days", "365": "Last year"}


@require_GET
@READ
def overview(request: PersonRequest) -> HttpResponse:
    """Every partner's adherence over the last days, from the key figure's table."""
    known = kpi("partner_sla")
    figures = read_figures([known], Asked.of_days(90)) if known else []
    by_code = figures[0].by_partner if figures else {}
    partners = TradingPartner.objects.filter(active=True).select_related("account").order_by("name", "code")
    rows = [(row, by_code.get(row.account.code if row.account else row.code)) for row in partners]
    return render(request, "edi/ops/scorecards.html", {"rows": rows, "kpi": known})


@require_GET
@READ
def scorecard(request: PersonRequest, code: str) -> HttpResponse:
    """One partner over one time."""
    partner = get_object_or_404(TradingPartner.objects.select_related("account"), code=code)
    asked, period = asked_period(request.GET.dict())
    between = {"start": start_of(asked.first), "end": start_of(asked.after)}
    scores = set_scores(partner, **between)
    over = sum(score.met + score.missed for score in scores)
    trend = weekly(partner, until=asked.last)
    context = {
        "partner": partner,
        "asked": asked,
        "period": period,
        "periods": PERIODS,
        "scores": scores,
        "met": sum(score.met for score in scores),
        "missed": sum(score.missed for score in scores),
        "still_due": sum(score.open for score in scores),
        "share": Decimal(sum(score.met for score in scores)) / over if over else None,
        "kpi": kpi("partner_sla"),
        "fees": fees_by_currency(partner, **between),
        "errors": errors_of(partner, **between),
        "deductions": deductions(partner, **between) if partner.account_id else [],
        "disputes": disputes_of(partner, **between) if partner.account_id else [],
        "trend": trend,
        "chart": trend_chart(trend),
        "rules": partner.deadline_rules.all(),
    }
    return render(request, "edi/ops/scorecard.html", context)


@require_GET
@READ
def rows(request: PersonRequest, code: str) -> HttpResponse:
    """The due documents behind a scorecard, by document and outcome."""
    partner = get_object_or_404(TradingPartner, code=code)
    asked = asked_rows(request.GET.dict())
    found = due_in(partner, start=start_of(asked.first), end=start_of(asked.after))
    if asked.part:
        found = found.filter(set_id=asked.part)
    state = request.GET.get("state", "")
    if state in ("met", "missed", "open"):
        found = found.filter(state=state)
    page = peeked_page(
        found.select_related("order", "shipment", "group", "document", "rule").order_by("-due_at", "pk"),
        request.GET.get("page"), size=50,
    )  # fmt: skip
    context = {"partner": partner, "asked": asked, "state": state, "page": page}
    return render(request, "edi/ops/scorecard_rows.html", context)


def asked_period(query: dict[str, str]) -> tuple[Asked, str]:
    """The days of a named period, or from one day to another where days are named; else this month."""
    now, name = today(), query.get("period", "")
    if query.get("first") or query.get("last"):
        return asked_rows(query), ""
    if name == "last_month":
        last = now.replace(day=1) - dt.timedelta(days=1)
        return Asked(first=last.replace(day=1), last=last), name
    if name in ("90", "365"):
        return Asked.of_days(int(name)), name
    return Asked(first=now.replace(day=1), last=now), "month"


def trend_chart(trend: dict[dt.date, tuple[int, int]]) -> Chart:
    """The share in time of each week; a week in which nothing was due has no bar."""
    known = kpi("partner_sla")
    target = known.target if known else Decimal(1)
    points: list[Any] = []
    for week, (met, missed) in trend.items():
        share = Decimal(met) / (met + missed) if met + missed else None
        words = "nothing was due" if share is None else f"{said_share(share)}, {met} of {met + missed}"
        good = None if share is None else share >= target
        points.append(Point(label=date_format(week, "j M"), value=share, words=words, good=good))
    return bar_chart(points, target=target, most=Decimal(1))
