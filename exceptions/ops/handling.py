"""Buttons of one case short of settling it: put aside, take up again, hand on, move, split off, open again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.common.versions import version_of
from distportal.web.audience import PersonRequest, staff_view
from exceptions.models import Case
from exceptions.ops.coming_from import case_address, words_before
from exceptions.ops.refusals import refused
from exceptions.ops.views import case_page
from exceptions.process.bulk.steps import moment_of, person_of
from exceptions.process.closing import reopen_case
from exceptions.process.grouping import split_case
from exceptions.process.handling import assign_case, move_case, put_aside, take_back
from exceptions.process.presence import look_at

TEAM = staff_view("agent", "operator", "finance")
Step = Callable[[Case, int, PersonRequest], str]


def _aside(case: Case, version: int, request: PersonRequest) -> str:
    row = put_aside(
        case_id=case.pk, version=version, status=request.POST.get("status", ""), until=moment_of(request.POST),
        note=request.POST.get("reason", ""),
    )  # fmt: skip
    return f"{row}: {row.get_status_display().lower()}"


def _move(case: Case, version: int, request: PersonRequest) -> str:
    queue = request.POST.get("queue", "")
    queue_id = int(queue) if queue.isascii() and queue.isdecimal() and len(queue) < 9 else 0
    row = move_case(case_id=case.pk, version=version, queue_id=queue_id, reason=request.POST.get("reason", ""))
    return f"{row} is in {row.queue} now"


def _assign(case: Case, version: int, request: PersonRequest) -> str:
    person = person_of(request.POST) if request.POST.get("person") else None
    row = assign_case(case_id=case.pk, version=version, owner=person, reason=request.POST.get("reason", ""))
    return f"{row} is with {row.owner or 'nobody'} now"


STEPS: dict[str, Step] = {
    "aside": _aside,
    "move": _move,
    "assign": _assign,
    "back": lambda case, version, _: f"{take_back(case_id=case.pk, version=version)} is worked on again",
    "split": lambda case, _, request: (
        f"{split_case(case_id=case.pk, reason=request.POST.get('reason', ''))} stands alone now, for good"
    ),
    "reopen": lambda case, _, request: (
        f"{reopen_case(case_id=case.pk, reason=request.POST.get('reason', ''))} is open again"
    ),
}


@require_POST
@TEAM
def handle(request: PersonRequest, number: int, step: str) -> HttpResponse:
    """Do one of the steps and say what came of it; of one that is refused nothing is done, and what was typed stays."""
    if step not in STEPS:
        raise Http404
    case = get_object_or_404(Case, number=number)
    try:
        messages.success(request, STEPS[step](case, version_of(request.POST), request))
    except DomainError as error:
        return case_page(request, number, refused(request, step, error))
    return redirect(case_address(number, words_before(request)))


@require_GET
@TEAM
def looking(request: PersonRequest, number: int) -> HttpResponse:
    """Who else looks at the case just now; asking is a sign of life of one's own."""
    case = get_object_or_404(Case, number=number)
    others = look_at(case_id=case.pk, user=request.user)
    return render(request, "exceptions/ops/_looking.html", {"case": case, "others": others})
