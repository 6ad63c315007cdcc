"""How a dialog of the back office ends: it leaves for a page, or it stays with what was typed and says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from distportal.common.errors import DomainError


def leave_dialog(address: str) -> HttpResponse:
    """The dialog posts by htmx: only this header makes it leave the page."""
    return HttpResponse(headers={"HX-Redirect": address})


def refused_dialog(
    request: HttpRequest, dialog: Mapping[str, Any], form: Any, error: DomainError, address: str
) -> HttpResponse:
    """The dialog again with its words and the refusal; one that asks nothing leaves with a message."""
    asked = [name for name, field in form.fields.items() if not field.widget.is_hidden]
    if not asked:
        messages.error(request, error.message)
        return leave_dialog(address)
    form.add_error(asked[-1], error.message)
    context = {"dialog": dialog, "form": form, "form_submit_text": dialog["form_submit_text"]}
    return render(request, "unfold/helpers/dialog.html", context)
