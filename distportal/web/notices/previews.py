"""Every mail with made-up data, as its reader sees it; and what was really sent last."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from distportal.accounts.choices import StaffGroup
from distportal.notices.models import Mail
from distportal.notices.samples import Sample, sample, samples
from distportal.notices.wording import Written, write
from distportal.web.audience import staff_view

MAIL_POLICY = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
}
"""A mail has its style in itself and no script; it is shown in a frame of this page alone."""


@require_GET
@staff_view(StaffGroup.OPERATOR, StaffGroup.AGENT)
def index(request: HttpRequest) -> HttpResponse:
    """All mails by name; one of them in both formats, in the language of the address."""
    known = samples()
    chosen = sample(request.GET.get("mail", "")) or known[0]
    language = _language(request)
    context = {
        "samples": known,
        "chosen": chosen,
        "language": language,
        "languages": settings.LANGUAGES,
        "written": _written(chosen, language),
        "sent": Mail.objects.defer("html", "text").order_by("-created_at")[:20],
    }
    return render(request, "web/notices/previews.html", context)


@require_GET
@staff_view(StaffGroup.OPERATOR, StaffGroup.AGENT)
@xframe_options_sameorigin
def as_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML alone."""
    response = HttpResponse(_written(_found(key), _language(request)).html)
    response._csp_replace = MAIL_POLICY  # type: ignore[attr-defined]  # what csp_replace sets, whose types take no key
    return response


@require_GET
@staff_view(StaffGroup.OPERATOR, StaffGroup.AGENT)
def as_text(request: HttpRequest, key: str) -> HttpResponse:
    """The text alone."""
    return HttpResponse(_written(_found(key), _language(request)).text, content_type="text/plain; charset=utf-8")


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _found(key: str) -> Sample:
    found = sample(key)
    if found is None:
        raise Http404("There is no such mail.")
    return found


def _written(found: Sample, language: str) -> Written:
    with translation.override(language):
        return write(found.content())
