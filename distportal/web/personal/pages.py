"""What people asked of what we hold of them: for operators."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.choices import StaffGroup
from distportal.personal.choices import RequestKind, RequestState
from distportal.personal.models import PersonalRequest
from distportal.personal.requests import agree, ask, withdraw
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.done import done

OPERATORS = staff_view(StaffGroup.OPERATOR)
SHOWN = 100


@require_GET
@OPERATORS
def index(request: PersonRequest) -> HttpResponse:
    """The newest hundred, without what is in their files, and a form for one more."""
    rows = PersonalRequest.objects.defer("content").select_related("asked_by", "agreed_by")[:SHOWN]
    context = {"rows": rows, "kinds": RequestKind.choices, "states": RequestState}
    return render(request, "web/personal/index.html", context)


@require_POST
@OPERATORS
def ask_for(request: PersonRequest) -> HttpResponseBase:
    """An export, which is made at once, or an erasure, to which somebody else has to agree."""
    kind = RequestKind.ERASURE if request.POST.get("kind") == RequestKind.ERASURE else RequestKind.EXPORT
    email, reason = request.POST.get("email", ""), request.POST.get("reason", "")
    told = (
        "The export is being made; look again in a moment."
        if kind == RequestKind.EXPORT
        else "Another operator has to agree to it now."
    )
    return done(request, lambda: ask(by=request.user, kind=kind, email=email, reason=reason), told, "personal:index")


@require_POST
@OPERATORS
@reauthentication_required  # type: ignore[untyped-decorator]
def agree_to(request: PersonRequest, request_id: UUID) -> HttpResponseBase:
    """The second person's word, with their password typed a moment ago."""
    return done(
        request, lambda: agree(by=request.user, request_id=request_id), "The erasure has begun.", "personal:index"
    )


@require_POST
@OPERATORS
def take_back(request: PersonRequest, request_id: UUID) -> HttpResponseBase:
    """It will not be erased."""
    return done(
        request, lambda: withdraw(by=request.user, request_id=request_id), "The request is withdrawn.", "personal:index"
    )


@require_GET
@OPERATORS
@reauthentication_required  # type: ignore[untyped-decorator]
def file(request: PersonRequest, request_id: UUID) -> HttpResponseBase:
    """The ZIP of an export; kept by no cache."""
    row = PersonalRequest.objects.filter(pk=request_id, content__isnull=False).first()
    if row is None or row.content is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="personal-data-{row.pk}.zip"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(row.content), content_type="application/zip", headers=headers)
