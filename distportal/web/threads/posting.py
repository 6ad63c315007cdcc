"""What is done in threads: write, and say that nothing needs an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError, NotFound
from distportal.threads.posting import post_message, settle_thread
from distportal.threads.reading import ours, threads_of
from distportal.threads.subjects import Subject, find_subject
from distportal.uploads.keeping import keep_files
from distportal.web.audience import PersonRequest, shared_view, staff_view
from distportal.web.threads.card import card_context

TEAM = staff_view("agent", "operator", "finance")


@require_POST
@shared_view(Act.WRITE_MESSAGES)
def post(request: PersonRequest, subject: str) -> HttpResponseBase:
    """Write; once a form. What is refused comes back as it was typed, with the files that are kept."""
    found = find_subject(subject, user=request.user)
    if found is None:
        raise Http404
    typed = _typed(request)
    kept = keep_files(
        account=found.account, user=request.user, form=typed["token"], sent=request.FILES.getlist("files")
    )
    if kept.problems:
        return _again(request, found, typed, ". ".join(kept.problems) + ".")
    if ours(request.user) and typed["to"] not in ("dealer", "internal"):
        return _again(request, found, typed, _("Say who shall read it; nothing was sent."))
    dropped = set(request.POST.getlist("drop"))
    try:
        row = post_message(
            subject=found,
            user=request.user,
            token=typed["token"],
            text=typed["text"],
            internal=typed["to"] == "internal",
            asks=typed["asks"],
            files=[one.pk for one in kept.files if str(one.pk) not in dropped],
        )
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        return _again(request, found, typed, error.message)
    messages.success(request, _done(request, found, internal=row.internal))
    return redirect(_back(request, found, row.thread_id))


@require_POST
@TEAM
def settle(request: PersonRequest, thread_id: UUID) -> HttpResponse:
    """Nothing needs an answer here."""
    row = get_object_or_404(threads_of(request.user), pk=thread_id)
    settle_thread(thread_id=row.pk, user=request.user)
    messages.success(request, _("Nobody is waited for any more."))
    return redirect("threads:index")


def _typed(request: PersonRequest) -> dict[str, Any]:
    said = request.POST
    try:
        token = UUID(said.get("token", ""))
    except ValueError:
        token = uuid4()
    return {
        "token": token,
        "text": said.get("text", ""),
        "to": said.get("to", ""),
        "asks": bool(said.get("asks")),
        "next": said.get("next", ""),
    }


def _again(request: PersonRequest, subject: Subject, typed: dict[str, Any], problem: str) -> HttpResponse:
    """The box with all that was typed, on a page of its own."""
    context = {**card_context(request, subject, typed=typed), "problem": problem}
    return render(request, "web/threads/thread.html", context, status=422)


def _done(request: PersonRequest, subject: Subject, *, internal: bool) -> str:
    if internal:
        return _("Noted; dealers do not see it.")
    if ours(request.user):
        return _("Sent; %(account)s sees it and gets a mail.") % {"account": subject.account.name}
    return _("Sent. We answer here, and you get a mail.")


def _back(request: PersonRequest, subject: Subject, thread_id: UUID) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return f"{wanted.partition('#')[0]}#thread"
    return f"{subject.path or reverse('threads:show', args=[thread_id])}#thread"
