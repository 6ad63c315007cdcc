"""A secret is on one answer only, and that answer is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from distportal.accounts.models import ApiKey
from distportal.common.errors import DomainError, NotFound
from distportal.web.audience import PersonRequest


def key_shown_once(
    request: PersonRequest,
    work: Callable[[], tuple[ApiKey, str]],
    *,
    page: Callable[[ApiKey, str], HttpResponse],
    back: str,
) -> HttpResponseBase:
    """The page of a key that was made now; the list at `back` with the reason where none was. Raises Http404."""
    try:
        key, secret = work()
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    answer = page(key, secret)
    answer["Cache-Control"] = "no-store"
    return answer
