"""One document: raw, in words, canonical and what became of it, and the two ways to do it again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.entries import entries
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from edi.choices import Direction
from edi.documents.marking import marked_rows
from edi.documents.registry import title_of
from edi.models import Document
from edi.ops.audience import READ, TEAM, works_with_edi
from edi.process.canonical_views import canonical_view
from edi.process.delivery import resend_document
from edi.process.reprocessing import preview_reprocessing, reprocess_document
from edi.queries.departures import shipments_in
from edi.queries.documents import outbound_file_of
from edi.queries.facts import lines_of
from edi.x12.catalog import release_of


@require_GET
@READ
def document(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """One document side by side."""
    return render(request, "edi/ops/document.html", {**_context(document_id), "works": works_with_edi(request)})


@require_GET
@TEAM
def reprocessing(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """What processing the document again would change; nothing is written."""
    context = _context(document_id)
    try:
        context["preview"] = preview = preview_reprocessing(document_id=document_id)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("edi:document", document_id=document_id)
    context["read_anew"] = entries(preview.view.content) if preview.view and preview.view.content else []
    return render(request, "edi/ops/reprocessing.html", context)


@require_POST
@TEAM
def reprocess(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """Take the document once more."""
    try:
        row = reprocess_document(document_id=document_id)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{row} is processed again now")
    return redirect("edi:document", document_id=document_id)


@require_POST
@TEAM
def redeliver(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """Send the same bytes once more."""
    try:
        file = resend_document(document_id=document_id)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{file.name} leaves once more, byte for byte")
    return redirect("edi:document", document_id=document_id)


def _context(document_id: uuid.UUID) -> dict[str, Any]:
    rows = Document.objects.select_related(
        "partner__account", "group__interchange__file", "order", "shipment", "invoice"
    )
    row = get_object_or_404(rows, pk=document_id)
    sent = outbound_file_of(row) if row.direction == Direction.OUT else None
    release = release_of(row.group.release) if row.group else ""
    marked, loose = marked_rows(row.segments, row.findings, row.line_sources, release=release)
    inbound = row.direction == Direction.IN
    view = canonical_view(row) if inbound else None
    return {
        "document": row,
        "title": title_of(row.set_id),
        "rows": marked,
        "loose": loose,
        "canonical": entries(view.content) if view and view.content else [],
        "problems": view.problems if view else (),
        "order_lines": lines_of(order_id=row.order_id) if row.order_id else [],
        "sent": sent,
        "shipments": shipments_in(row) if row.shipment_id else [],
        "interchange": sent.interchange if sent else row.group.interchange if row.group else None,
    }
