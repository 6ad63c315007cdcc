"""The bell and what is behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.notices.inbox import mark_read, notices_of, shown, unread_count
from distportal.web.paging import peeked_page

SEEN = "unread"


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first; the view is in the address."""
    user: Any = request.user
    view = "all" if request.GET.get("view") == "all" else SEEN
    page = peeked_page(notices_of(user, unread=view == SEEN), request.GET.get("page"), size=30)
    context = {"view": view, "page": page, "rows": shown(page.object_list), "unread": unread_count(user)}
    return render(request, "web/notices/inbox.html", context)


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """One is read now, or all are."""
    user: Any = request.user
    asked = request.POST.get("id", "")
    ids = [int(asked)] if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    if asked and ids is None:
        raise Http404(_("There is no such notification."))
    count = mark_read(user=user, ids=ids)
    told = ngettext("%(n)d notification marked as read.", "%(n)d notifications marked as read.", count)
    messages.success(request, told % {"n": count})
    back = request.POST.get("next", "")
    ok = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if ok else reverse("notices:inbox"))


@require_POST
@login_required
def open_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    """It is read now; on to what it is about. Another person's is not there."""
    user: Any = request.user
    notice = notices_of(user).filter(pk=notice_id).first()
    if notice is None:
        raise Http404(_("There is no such notification."))
    mark_read(user=user, ids=[notice.pk])
    return redirect(notice.path or reverse("notices:inbox"))
