"""What monitoring reads of cases."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from distportal.observability.figures import Figure, figure_source
from exceptions.choices import CaseStatus
from exceptions.models import Case


@figure_source("cases")
def case_figures() -> Iterable[Figure]:
    """One query: the open cases of each kind and code; one of `erp_duplicate` or `order_twice` is an alarm."""
    rows = Case.objects.filter(status__in=CaseStatus.OPEN).order_by("kind", "code").values_list("kind", "code")
    samples = tuple(({"kind": kind, "code": code}, count) for kind, code, count in rows.annotate(count=Count("pk")))
    yield Figure(name="portal_cases_open", text="Open cases by kind and code", samples=samples)
