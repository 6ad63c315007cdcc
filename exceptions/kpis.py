"""What monitoring reads of cases, and the rows of key figures that they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count
from django.urls import reverse

from distportal.measures.registry import Source, Told, add_source
from distportal.observability.figures import Figure, figure_source
from exceptions.choices import CaseStatus
from exceptions.models import Case, CaseEntry
from exceptions.queries.kpi_rows import IN_TIME, cases_by_opening, cases_tried_again


@figure_source("cases")
def case_figures() -> Iterable[Figure]:
    """One query: the open cases of each kind and code; one of `erp_duplicate` or `order_twice` is an alarm."""
    rows = Case.objects.filter(status__in=CaseStatus.OPEN).order_by("kind", "code").values_list("kind", "code")
    samples = tuple(({"kind": kind, "code": code}, count) for kind, code, count in rows.annotate(count=Count("pk")))
    yield Figure(name="portal_cases_open", text="Open cases by kind and code", samples=samples)


def tell_cases(rows: Sequence[Case]) -> Iterator[Told]:
    """Cases as people read them behind a figure."""
    for row in rows:
        url = reverse("desk:case", args=[row.number])
        yield Told(title=f"{row} {row.reference}".strip(), detail=row.sentence, url=url)


def _tell_entries(rows: Sequence[CaseEntry]) -> Iterator[Told]:
    for row, told in zip(rows, tell_cases([row.case for row in rows]), strict=True):
        how = f"{row.action.removeprefix('resolved: ')} by {row.actor or 'the portal'}: {row.text}"
        yield Told(title=told.title, detail=how, url=told.url)


add_source(
    Source(
        kpi="exception_resolution", name="cases", title="Cases", rows=cases_by_opening, tell=tell_cases, good=IN_TIME
    )
)
add_source(
    Source(kpi="replay_activity", name="cases", title="Cases tried again", rows=cases_tried_again, tell=_tell_entries)
)
