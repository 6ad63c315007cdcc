"""The EDI settings of a company, as whoever runs EDI fills them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from distportal.accounts.models import Account
from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.company.pages import company_page

Panel = tuple[str, Callable[[Account], Any]]
_panels: list[Panel] = []


def add_edi_panel(template: str, context: Callable[[Account], Any]) -> None:
    """Register a part of the page: a template, and what fills its `panel`; nothing is shown where that is empty."""
    if (template, context) not in _panels:
        _panels.append((template, context))


@require_GET
@dealer_view(Act.VIEW_EDI)
def index(request: PersonRequest) -> HttpResponse:
    """What is agreed; changed by our EDI team only."""
    filled = [(template, context(request.account)) for template, context in _panels]
    return company_page(request, "edi", {"panels": [one for one in filled if one[1]]}, tab="edi")
