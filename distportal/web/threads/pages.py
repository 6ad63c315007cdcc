"""Threads read: the list by whose turn it is, one thread page by page, and the files that came with messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.threads.models import Message, MessageFile
from distportal.threads.reading import ours, threads_in_view, threads_of, waiting_count
from distportal.threads.subjects import subject_named
from distportal.web.audience import PersonRequest, shared_view
from distportal.web.cursors import cursor_page
from distportal.web.files import file_answer
from distportal.web.threads.card import card_context

STAFF_VIEWS: dict[str, Any] = {
    "ours": _("Needs our answer"), "theirs": _("Waits for the dealer"), "all": _("All"),
}  # fmt: skip
DEALER_VIEWS: dict[str, Any] = {
    "ours": _("Needs your answer"), "theirs": _("Waits for us"), "all": _("All"),
}  # fmt: skip


@require_GET
@shared_view(Act.VIEW_ORDERS)
def index(request: PersonRequest) -> HttpResponse:
    """The threads of one view, the newest first; the view is in the address."""
    staff, waiting = ours(request.user), waiting_count(request.user)
    views = STAFF_VIEWS if staff else DEALER_VIEWS
    asked = request.GET.get("view", "")
    view = asked if asked in views else "ours" if waiting else "all"
    rows = threads_in_view(request.user, view)
    page = cursor_page(rows, request.GET.get("cursor", ""), keys=["last_at", "id"])
    context = {"page": page, "views": views, "view": view, "waiting": waiting, "staff": staff}
    return render(request, "web/threads/index.html", context)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def show(request: PersonRequest, thread_id: UUID) -> HttpResponse:
    """One thread alone, with the older pages; 404 for strangers and for a dealer to whom nothing was said."""
    row = get_object_or_404(threads_of(request.user), pk=thread_id)
    # The thread was found for this person; its record may be one that dealers have no page of, as a case.
    subject = subject_named(row.subject_type, row.subject_id)
    if subject is None:
        raise Http404
    before = request.GET.get("before", "")
    older = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else 0
    context = card_context(request, subject, before=older)
    return render(request, "web/threads/thread.html", {**context, "before": older})


@require_GET
@shared_view(Act.VIEW_ORDERS)
def file(request: PersonRequest, file_id: UUID) -> HttpResponse:
    """A file of a message, for who may read the message; 404 for anybody else."""
    rows = MessageFile.objects.filter(message__in=Message.objects.visible_to(request.user))
    return file_answer(request, get_object_or_404(rows.select_related("file"), file=file_id).file)
