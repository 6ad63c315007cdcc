"""Outages: those that go on, those that are over, and one of them with its cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.paging import peeked_page
from exceptions.models import Incident
from exceptions.process.incidents.subscribing import follow_incident, follows
from exceptions.queries import open_cases
from exceptions.queries.incidents import ongoing, over
from exceptions.queries.listing import worst_first

TEAM = staff_view("agent", "operator", "finance")
SHOWN = 20


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """What does not work now, worst first, and what did not."""
    page = peeked_page(over(), request.GET.get("page"), size=30)
    return render(request, "exceptions/ops/incidents.html", {"incidents": ongoing(), "page": page})


@require_GET
@TEAM
def incident(request: PersonRequest, number: int) -> HttpResponse:
    """Why it is one incident, what waits for it, its history, and the worst of its open cases."""
    row = get_object_or_404(Incident, pk=number)
    cases = worst_first(open_cases().filter(incident=row))[:SHOWN]
    told = {"row": row, "cases": cases, "steps": row.steps.all(), "follows": follows(request.user, row)}
    return render(request, "exceptions/ops/incident.html", told)


@require_POST
@TEAM
def follow(request: PersonRequest, number: int) -> HttpResponse:
    """Hear of this one incident, or not any more."""
    row = get_object_or_404(Incident, pk=number)
    try:
        wanted = follow_incident(user=request.user, incident=row, follow=request.POST.get("follow") == "1")
        messages.success(request, f"You hear of {row} until it is over" if wanted else f"You hear no more of {row}")
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("desk:incident", number=number)
