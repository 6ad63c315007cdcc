"""The queue: views with counts, filters, one row a case or a cause; all of it in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.common.remembering import remembering
from distportal.web.audience import PersonRequest, audiences_of, staff_view
from distportal.web.cursors import CursorPage, cursor_page, first_page
from exceptions.choices import CaseStatus, Severity
from exceptions.models import Case, Queue, Routine
from exceptions.ops.coming_from import EVERYTHING, case_address, words_of
from exceptions.process.bulk.steps import OF_KIND, OF_ROUTINE, STEPS, shared_actions
from exceptions.process.clocks import time_left
from exceptions.process.next_case import take_next
from exceptions.process.presence import who_looks
from exceptions.process.saved_views import drop_view, save_view
from exceptions.queries.counting import day_figures, next_due, views_with_counts
from exceptions.queries.edits import makers_of_waiting
from exceptions.queries.incidents import ongoing
from exceptions.queries.listing import VIEWS, Asked, cases_asked, causes, first_open, listed
from exceptions.registry import CaseKind, case_kind, case_kinds

TEAM = staff_view("agent", "operator", "finance")
WORST, LATEST = ("severity", "points", "+number"), ("resolved_at", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list. `left` is business time until it is due, `tone` warns of it from four fifths on; `maker` is
    whose edit waits for a second person.
    """

    case: Case
    kind: CaseKind
    left: float | None
    tone: str
    looking: tuple[str, ...]
    maker: str = ""

    @property
    def late(self) -> float:
        """By how many seconds of business time it is over."""
        return -(self.left or 0)


@require_GET
@TEAM
def queue(request: PersonRequest) -> HttpResponse:
    """The list by view, filters and search, or its causes."""
    asked = Asked.of(request.GET)
    rows = cases_asked(asked, request.user)
    by_cause = request.GET.get("group") == "cause" and asked.view != "resolved"
    page: CursorPage[Case] = CursorPage([])
    if not by_cause:
        page = _page(asked, rows, request.GET.get("cursor", ""))
    kind = asked.filters.get("kind", "")
    nothing = not page.rows and not by_cause and not asked.filters
    context = {
        "asked": asked, "view_name": VIEWS[asked.view], "page": page, "by_cause": by_cause,
        "rows": list_rows(page.rows, request), "causes": causes(rows) if by_cause else [],
        "views": views_with_counts(request.user), "day": day_figures(), "queues": Queue.objects.all(),
        "kinds": case_kinds(), "severities": Severity.choices, "steps": STEPS.values(),
        "kind_actions": shared_actions({kind}) if kind else (), "of_kind": OF_KIND,
        "routines": Routine.objects.filter(active=True), "of_routine": OF_ROUTINE,
        "words": urlencode(asked.query), "view_words": words_of(asked),
        "leads": "operator" in audiences_of(request), "filtered": bool(asked.filters),
        "incidents": ongoing(), "next_due": next_due(timezone.now()) if nothing else None,
    }  # fmt: skip
    return render(request, "exceptions/ops/queue.html", context)


def _page(asked: Asked, rows: QuerySet[Case], cursor: str) -> CursorPage[Case]:
    if asked == EVERYTHING and not cursor:
        return first_page(first_open(), keys=WORST)
    return cursor_page(listed(rows), cursor, keys=LATEST if asked.view == "resolved" else WORST)


def list_rows(cases: Sequence[Case], request: PersonRequest) -> list[Row]:
    """The cases with what is counted for the moment: time left, and who looks at them."""
    looking, now = who_looks([case.pk for case in cases], but=request.user), timezone.now()
    makers = makers_of_waiting([case.pk for case in cases])
    with remembering():
        return [_row(case, looking.get(case.pk, []), now, makers.get(case.pk, "")) for case in cases]


def _row(case: Case, looking: Sequence[str], now: dt.datetime, maker: str) -> Row:
    left = time_left(case, now) if case.is_open else None
    late = left is not None and left < dt.timedelta(0)
    near = case.warn_at is not None and case.warn_at <= now and case.status not in CaseStatus.PAUSED
    return Row(
        case=case,
        kind=case_kind(case.kind),
        left=None if left is None else left.total_seconds(),
        tone="bad" if late else "warn" if left is not None and near else "",
        looking=tuple(looking),
        maker=maker,
    )


@require_POST
@TEAM
def take(request: PersonRequest) -> HttpResponse:
    """The most urgent case of the view that nobody has is the person's now."""
    asked = Asked.of(request.POST)
    case = take_next(cases=cases_asked(asked, request.user), user=request.user)
    if case is None:
        messages.info(request, "Nothing in this view waits for somebody to take it")
        return redirect(queue_address(asked))
    return redirect(case_address(case.number, words_of(asked)))


@require_POST
@TEAM
def keep_view(request: PersonRequest) -> HttpResponse:
    """Save what is looked at under a name."""
    query = request.POST.get("query", "")
    try:
        view = save_view(
            user=request.user, name=request.POST.get("name", ""), query=query, shared=bool(request.POST.get("shared"))
        )
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        query = view.query
        messages.success(request, f"The view {view} is kept")
    return redirect(f"{reverse('desk:queue')}?{QueryDict(query).urlencode()}")


@require_POST
@TEAM
def forget_view(request: PersonRequest, view_id: int) -> HttpResponse:
    """Drop a view of one's own."""
    try:
        drop_view(user=request.user, view_id=view_id)
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("desk:queue")


def queue_address(asked: Asked) -> str:
    """Where the queue shows this."""
    return f"{reverse('desk:queue')}?{urlencode(asked.query)}"
