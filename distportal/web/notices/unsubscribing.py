"""The link in a mail that ends this kind of mail, for people who are not signed in, too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from distportal.common.errors import NotFound
from distportal.notices.kinds import notice_kind
from distportal.notices.unsubscribing import DIGEST, read_token, unsubscribe


@csrf_exempt
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, for mail scanners follow links; one POST ends it, from the page or from the mail program
    (RFC 8058). The signed link itself is what allows it.
    """
    try:
        user, key = read_token(token)
        kind = notice_kind(key) if key != DIGEST else None
        ended = unsubscribe(token=token) if request.method == "POST" else None
    except NotFound as error:
        raise Http404(error.message) from error
    context = {"person": user, "kind": kind, "ended": ended, "done": ended is not None}
    return render(request, "web/notices/unsubscribe.html", context)
