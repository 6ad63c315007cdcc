"""Pages of interchanges and dropped files."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.web.audience import PersonRequest
from edi.models import InboundFile, Interchange, OutboundFile
from edi.ops.audience import READ
from edi.ops.downloads import SHOWN_BYTES, head_of, shown, shown_part
from edi.queries.documents import answers_to, documents_of

SHOWN_DOCUMENTS = 200
"""A page lists so many documents of an interchange, which may hold a hundred thousand."""


@require_GET
@READ
def interchange(request: PersonRequest, interchange_id: uuid.UUID) -> HttpResponse:
    """One interchange: its groups and documents, its bytes, and how it was answered."""
    row = get_object_or_404(Interchange.objects.select_related("partner", "file", "repeat_of"), pk=interchange_id)
    sent = OutboundFile.objects.filter(interchange=row).first()
    documents = documents_of(row).select_related("partner", "order", "group").defer("segments", "verdict")
    context: dict[str, Any] = {
        "interchange": row,
        "groups": row.groups.all(),
        "documents": documents.order_by("group_id", "position")[:SHOWN_DOCUMENTS],
        "count": documents.count(),
        "answers": answers_to([row.pk]).select_related("partner"),
        "repeats": row.repeats.order_by("created_at"),
        "sent": sent,
        "raw": shown(head_of(row, sent)),
        "shown": SHOWN_BYTES,
    }
    return render(request, "edi/ops/interchange.html", context)


@require_GET
@READ
def file(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """One dropped file with what was found in it."""
    row = get_object_or_404(InboundFile.objects.select_related("mailbox__partner"), pk=file_id)
    context = {
        "file": row,
        "interchanges": row.interchanges.select_related("partner").order_by("file_offset"),
        "raw": shown(shown_part(row, 0, SHOWN_BYTES)),
        "shown": SHOWN_BYTES,
    }
    return render(request, "edi/ops/file.html", context)
