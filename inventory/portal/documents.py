"""A document of an item for the dealer's own machine."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.web.audience import PersonRequest, dealer_view
from distportal.web.files import file_answer
from inventory.queries.documents import document_of


@require_GET
@dealer_view(Act.VIEW_PRICES)
def document(request: PersonRequest, sku: str, document_id: UUID) -> HttpResponse:
    """The version that holds today. 404 for one that is withdrawn, over, not begun, or of our own people alone."""
    found = document_of(sku, document_id, on=site_day(database_now()))
    if found is None:
        raise Http404
    return file_answer(request, found)
