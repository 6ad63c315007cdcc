"""What follows a form that was sent: the process is called, and the person reads what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from distportal.common.errors import DomainError, NotFound

AnyForm = TypeVar("AnyForm", bound=Form)


def done(request: HttpRequest, act: Callable[[], object], text: str, to: str, *args: Any) -> HttpResponseBase:
    """Back to the page `to` with `text`, or with what the process refused; 404 for what is not there for the person."""
    try:
        act()
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, text)
    return redirect(to, *args)


def with_reason(form: AnyForm, reason: str) -> AnyForm:
    """The form with what was typed, and why the process refused it."""
    form.add_error(None, reason)
    return form


def tell_errors(request: HttpRequest, form: Any) -> None:
    """What is wrong with a form, as messages, where the form is part of a page that is shown anew."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else errors[0])
