"""Find a story by any number that somebody has in hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.events.finding import find_number
from distportal.web.audience import PersonRequest, shared_view


@require_GET
@shared_view(Act.VIEW_ORDERS)
def find(request: PersonRequest) -> HttpResponse:
    """What bears the number, each with the way to its story; dealers find their own alone."""
    text = request.GET.get("q", "").strip()
    context = {"q": text, "found": find_number(text, request.user) if text else []}
    return render(request, "orders/ops/find.html", context)
