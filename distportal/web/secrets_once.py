"""A secret is on one answer only, and that answer is kept by no cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from distportal.common.errors import DomainError, NotFound
from distportal.web.audience import PersonRequest

Owner = TypeVar("Owner")


def shown_once(
    request: PersonRequest,
    work: Callable[[], tuple[Owner, str]],
    *,
    page: Callable[[Owner, str], HttpResponse],
    back: str,
    refused: Callable[[str], HttpResponse] | None = None,
) -> HttpResponseBase:
    """The page of what was made now and of its secret. Where nothing was made, the page that `refused` draws of the
    reason, such as the form with what was typed; without it `back` with the reason. Raises Http404.
    """
    try:
        row, secret = work()
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        if refused is not None:
            return refused(error.message)
        messages.error(request, error.message)
        return redirect(back)
    answer = page(row, secret)
    answer["Cache-Control"] = "no-store"
    return answer
