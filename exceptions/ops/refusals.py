"""A form of the desk that was refused: what was typed stays in it, and the reason stands beside its field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from distportal.common.errors import DomainError


def refused(request: HttpRequest, step: str, error: DomainError) -> dict[str, Any]:
    """What the page needs to show the form of that step again; the person is told the reason at the page's top, too.

    `typed` and `wrong` are by step: the fields as they were sent, and the reason by the field that it is about, which
    the process names in the error's data.
    """
    messages.error(request, error.sentence)
    field = error.data.get("field", "")
    return {
        "refused": {
            "typed": {step: {name: str(value) for name, value in request.POST.items()}},
            "wrong": {step: {field: error.sentence} if field else {}},
        }
    }
