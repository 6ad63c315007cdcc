"""The cases of a view as a file, streamed as they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from distportal.common.csv_lines import csv_lines
from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Case
from exceptions.queries.listing import ORDER, Asked, cases_asked
from exceptions.registry import case_kind

TEAM = staff_view("agent", "operator", "finance")
CHUNK = 1_000
HEADINGS = (
    "case", "kind", "title", "queue", "severity", "state", "dealer", "about", "at_risk", "currency", "owner", "opened",
    "due", "seen", "opened_again", "cause", "sentence", "resolved", "how",
)  # fmt: skip


@require_GET
@TEAM
def cases_csv(request: PersonRequest) -> StreamingHttpResponse:
    """All cases that the view and its filters leave, in the list's order, whatever its pages."""
    asked = Asked.of(request.GET)
    order = ("-resolved_at", "-number") if asked.view == "resolved" else ORDER
    rows = cases_asked(asked, request.user).select_related("queue", "owner", "account").order_by(*order)
    told = (_cells(case) for case in rows.iterator(chunk_size=CHUNK))
    answer = StreamingHttpResponse(_with_mark(csv_lines(HEADINGS, told)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases_{timezone.localdate().isoformat()}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8."""
    yield "\ufeff"
    yield from lines


def _cells(case: Case) -> list[str]:
    return [
        str(case), case.kind, case_kind(case.kind).title, case.queue.code, case.get_severity_display(),
        case.get_status_display(), case.account.code if case.account else "", case.reference,
        f"{case.amount:f}", case.currency, case.owner.email if case.owner else "", _at(case.created_at),
        _at(case.due_at), str(case.occurrences), str(case.reopenings), case.group_key, case.sentence,
        _at(case.resolved_at), case.get_resolution_display(),
    ]  # fmt: skip


def _at(moment: dt.datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
