"""The rows behind a figure: those of the very query that it was counted by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.measures.days import start_of
from distportal.measures.definitions import kpi
from distportal.measures.kinds import Kpi, Unit
from distportal.measures.reading import Asked
from distportal.measures.registry import Source, Told, sources_of
from distportal.web.audience import PersonRequest
from distportal.web.figures.asking import TEAM, asked_rows
from distportal.web.figures.words import said_seconds
from distportal.web.paging import PeekedPage, peeked_page

SHOWN = {"all": "All", "bad": "Not as they should be", "waiting": "Waiting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One row: what it is, when and for whom it counts, and what it adds to the figure."""

    told: Told
    at: Any
    partner: str
    part: str
    state: str
    value: str


@require_GET
@TEAM
def behind(request: PersonRequest, code: str) -> HttpResponse:
    """A page of rows, the newest first, by day, partner, part and whether they are good."""
    known, sources = kpi(code), sources_of(code)
    if known is None or not sources:
        raise Http404
    asked, show = asked_rows(request.GET.dict()), request.GET.get("show", "")
    show = show if show in SHOWN else "all"
    source = next((one for one in sources if one.name == request.GET.get("source")), sources[0])
    page = peeked_page(rows_behind(source, asked, show), request.GET.get("page"), size=50)
    context = {
        "kpi": known,
        "asked": asked,
        "sources": sources,
        "source": source,
        "show": show,
        "shown": SHOWN if known.unit != Unit.COUNT else {},
        "page": page,
        "rows": _told(known, source, page),
    }
    return render(request, "web/figures/rows.html", context)


def rows_behind(source: Source, asked: Asked, show: str = "all") -> QuerySet[Any]:
    """The rows that count towards what is asked, each with `fact_good`."""
    rows: QuerySet[Any] = source.between(start_of(asked.first), start_of(asked.after))
    if asked.partner:
        rows = rows.filter(fact_partner=asked.partner)
    if asked.part:
        rows = rows.filter(fact_part=asked.part)
    good = Case(When(source.is_good, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = rows.annotate(fact_good=good).order_by("-fact_at", "pk")
    if show == "waiting":
        rows = rows.filter(fact_value=None)
    elif show == "bad":
        rows = rows.filter(fact_value__isnull=False, fact_good=False)
    return rows


def _told(known: Kpi, source: Source, page: PeekedPage[Any]) -> list[Behind]:
    rows = list(page)
    return [
        Behind(
            told=told, at=row.fact_at, partner=row.fact_partner, part=row.fact_part, state=_state(known, row),
            value=said_seconds(Decimal(row.fact_value)) if _timed(known, row) else "",
        )
        for row, told in zip(rows, source.tell(rows), strict=True)
    ]  # fmt: skip


def _timed(known: Kpi, row: Any) -> bool:
    return known.unit == Unit.DURATION and row.fact_value is not None


def _state(known: Kpi, row: Any) -> str:
    """A word with a tone."""
    if row.fact_value is None:
        return "waiting"
    if known.unit == Unit.COUNT:
        return "retry"
    return "ok" if row.fact_good else "late" if known.unit == Unit.DURATION else "failed"
