"""The bytes of files, as they came and as they were sent."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from distportal.web.audience import PersonRequest
from edi.errors import BytesLost, CodeTaken
from edi.models import InboundFile, Interchange, OutboundFile
from edi.ops.audience import READ, TEAM
from edi.process.file_bytes import chunks_of, part_of, sent_bytes_of
from edi.process.labels import shipment_labels
from edi.x12.errors import WriteError

Response = TypeVar("Response", HttpResponse, StreamingHttpResponse)
SHOWN_BYTES = 64 * 1024
"""A page shows this much of a file; the rest is for the download."""


@require_GET
@READ
def file_bytes(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    """The dropped file as it came; 410 where its bytes are gone."""
    row = get_object_or_404(InboundFile, pk=file_id)
    try:
        part_of(row, 0, 1)
    except BytesLost as error:
        return HttpResponse(error.message, status=410, content_type="text/plain; charset=utf-8")
    return _as_download(StreamingHttpResponse(chunks_of(row)), row.name)


@require_GET
@READ
def sent_bytes(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """A file of ours as it was sent; 410 where its bytes were erased."""
    row = get_object_or_404(OutboundFile, pk=file_id)
    try:
        return _as_download(HttpResponse(sent_bytes_of(row)), row.name)
    except BytesLost as error:
        return HttpResponse(error.message, status=410, content_type="text/plain; charset=utf-8")


@require_GET
@TEAM
def labels(request: PersonRequest, shipment_id: uuid.UUID) -> HttpResponse:
    """The GS1-128 labels of a shipment, a page per carton and pallet; 409 with the reason where they cannot be made."""
    try:
        content = shipment_labels(shipment_id=shipment_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except (WriteError, CodeTaken) as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    shown_as = f'inline; filename="labels_{shipment_id}.pdf"'
    headers = {"Content-Disposition": shown_as, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _as_download(response: Response, name: str) -> Response:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name) or "file"
    # Never shown by the browser itself: the bytes are a stranger's.
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def head_of(row: Interchange, sent: OutboundFile | None) -> bytes:
    """The first bytes of one interchange, at most to where the next one begins."""
    if sent is not None:
        try:
            return sent_bytes_of(sent)
        except BytesLost as error:
            return error.message.encode()
    if row.file is None:
        return b""
    later = row.file.interchanges.filter(file_offset__gt=row.file_offset).order_by("file_offset").first()
    stop = row.file_offset + SHOWN_BYTES
    return shown_part(row.file, row.file_offset, min(stop, later.file_offset) if later else stop)


def shown_part(file: InboundFile, start: int, stop: int) -> bytes:
    """The bytes for a page, or in their place why they cannot be read."""
    try:
        return part_of(file, start, stop)
    except BytesLost as error:
        return error.message.encode()


def shown(content: bytes) -> str:
    """The bytes as text, one line per segment where the segments end in a tilde; what is no text becomes dots."""
    text = content[:SHOWN_BYTES].decode("latin-1").replace("\r\n", "\n")
    text = "".join(c if c == "\n" or c.isprintable() else "·" for c in text)
    return text if "\n" in text else text.replace("~", "~\n")
