"""What a person of the desk reads after a form: what was done, or why nothing was."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from distportal.common.errors import DomainError


def is_done(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Whether `act` was done; the person is told what it says, or what the process refused."""
    try:
        told = act()
    except DomainError as error:
        messages.error(request, error.sentence)
        return False
    messages.success(request, told)
    return True
