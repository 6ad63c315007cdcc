"""EDI pages for staff: what came and went, in words and in bytes."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.web.audience import PersonRequest, staff_view
from edi.choices import AckState, Direction, DocumentState
from edi.documents.registry import DOCUMENTS
from edi.models import Document, InboundFile, Interchange, OutboundFile
from edi.ops.wording import decoded
from edi.queries.cases import open_edi_cases
from edi.queries.documents import answers_to, documents_of, outbound_file_of
from edi.queries.listing import (
    FILTERS,
    awaited_acks,
    documents_in_view,
    partners,
    set_ids,
    waiting_files,
)

TEAM = staff_view("agent", "operator")
SHOWN_BYTES = 64 * 1024
"""A page shows this much of a file; the rest is for the download."""


@require_GET
@TEAM
def documents(request: PersonRequest) -> HttpResponse:
    """Both directions, by filters and search, all of it in the address."""
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    text = request.GET.get("q", "")
    page = Paginator(documents_in_view(user=request.user, chosen=chosen, text=text), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "chosen": chosen,
        "q": text,
        "partners": partners(),
        "set_ids": set_ids(),
        "directions": Direction.choices,
        "states": DocumentState.choices,
        "ack_states": AckState.choices,
        "filtered": bool(text.strip() or any(chosen.values())),
        "cases": open_edi_cases(),
        "waiting": waiting_files(),
        "awaited": awaited_acks(),
    }
    return render(request, "edi/ops/documents.html", context)


@require_GET
@TEAM
def document(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """One document: its segments in words, what became of it, and where its bytes are."""
    rows = Document.objects.select_related("partner", "group__interchange__file", "order", "shipment", "invoice")
    row = get_object_or_404(rows, pk=document_id)
    sent = outbound_file_of(row) if row.direction == Direction.OUT else None
    context = {
        "document": row,
        "title": DOCUMENTS[row.set_id].title if row.set_id in DOCUMENTS else "Document",
        "rows": decoded(row.segments),
        "lines": {position: line_no for line_no, position in row.line_sources.items()},
        "sent": sent,
        "interchange": sent.interchange if sent else row.group.interchange if row.group else None,
    }
    return render(request, "edi/ops/document.html", context)


@require_GET
@TEAM
def interchange(request: PersonRequest, interchange_id: uuid.UUID) -> HttpResponse:
    """One interchange: its groups and documents, its bytes, and how it was answered."""
    row = get_object_or_404(Interchange.objects.select_related("partner", "file", "repeat_of"), pk=interchange_id)
    sent = OutboundFile.objects.filter(interchange=row).first()
    context: dict[str, Any] = {
        "interchange": row,
        "groups": row.groups.all(),
        "documents": documents_of(row).select_related("partner", "order", "group").order_by("group_id", "position"),
        "answers": answers_to([row.pk]).select_related("partner"),
        "repeats": row.repeats.order_by("created_at"),
        "sent": sent,
        "raw": _shown(_bytes_of(row, sent)),
        "shown": SHOWN_BYTES,
    }
    return render(request, "edi/ops/interchange.html", context)


@require_GET
@TEAM
def file(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """One dropped file with what was found in it."""
    row = get_object_or_404(InboundFile.objects.select_related("mailbox__partner"), pk=file_id)
    context = {
        "file": row,
        "interchanges": row.interchanges.select_related("partner").order_by("file_offset"),
        "raw": _shown(bytes(row.content)),
        "shown": SHOWN_BYTES,
    }
    return render(request, "edi/ops/file.html", context)


@require_GET
@TEAM
def file_bytes(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """The dropped file as it came."""
    row = get_object_or_404(InboundFile, pk=file_id)
    return _download(bytes(row.content), row.name)


@require_GET
@TEAM
def sent_bytes(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """A file of ours as it was sent."""
    row = get_object_or_404(OutboundFile, pk=file_id)
    return _download(bytes(row.content), row.name)


def _download(content: bytes, name: str) -> HttpResponse:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name) or "file"
    # Never shown by the browser itself: the bytes are a stranger's.
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{safe}"', "X-Content-Type-Options": "nosniff"},
    )


def _bytes_of(row: Interchange, sent: OutboundFile | None) -> bytes:
    if sent is not None:
        return bytes(sent.content)
    if row.file is None:
        return b""
    later = row.file.interchanges.filter(file_offset__gt=row.file_offset).order_by("file_offset").first()
    return bytes(row.file.content)[row.file_offset : later.file_offset if later else None]


def _shown(content: bytes) -> str:
    """The bytes as text, one line per segment where the segments end in a tilde; what is no text becomes dots."""
    text = content[:SHOWN_BYTES].decode("latin-1").replace("\r\n", "\n")
    text = "".join(c if c == "\n" or c.isprintable() else "·" for c in text)
    return text if "\n" in text else text.replace("~", "~\n")
