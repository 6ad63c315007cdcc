"""The letters of a dispute as papers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, shared_view
from orders.models import DisputeLetter
from orders.portal.downloads import pdf_answer
from orders.process.dispute_letters import letter_name


@require_GET
@shared_view(Act.VIEW_INVOICES)
def letter(request: PersonRequest, letter_id: UUID) -> HttpResponse:
    """The PDF of one letter, the bytes that were sent."""
    rows = DisputeLetter.objects.visible_to(request.user).select_related("dispute")
    row = get_object_or_404(rows, pk=letter_id)
    return pdf_answer(bytes(row.pdf), letter_name(row), shown=True)
