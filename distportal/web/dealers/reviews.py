"""Addresses that dealers entered and that wait for our word."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.choices import StaffGroup
from distportal.accounts.places import places_to_review, review_place
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.done import done

TEAM = staff_view(StaffGroup.AGENT, StaffGroup.OPERATOR)


@require_GET
@TEAM
def index(request: PersonRequest) -> HttpResponse:
    """The oldest first."""
    return render(request, "web/dealers/addresses.html", {"places": places_to_review()[:100]})


@require_POST
@TEAM
def answer(request: PersonRequest, ship_to_id: UUID) -> HttpResponseBase:
    """Approve or refuse one."""
    approve, note = request.POST.get("answer") == "approve", request.POST.get("note", "")
    return done(
        request,
        lambda: review_place(by=request.user, ship_to_id=ship_to_id, approve=approve, note=note),
        "The address is in use." if approve else "The address is refused; the dealer reads your note.",
        "dealers:addresses",
    )
