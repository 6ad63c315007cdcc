"""The bytes of files, as they came and as they were sent."""

from __future__ import annotations

import uuid

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from distportal.web.audience import PersonRequest
from edi.errors import CodeTaken
from edi.models import InboundFile, Interchange, OutboundFile
from edi.ops.audience import TEAM
from edi.process.labels import shipment_labels
from edi.x12.errors import WriteError

SHOWN_BYTES = 64 * 1024
"""A page shows this much of a file; the rest is for the download."""


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


def _download(content: bytes, name: str) -> HttpResponse:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name) or "file"
    # Never shown by the browser itself: the bytes are a stranger's.
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{safe}"', "X-Content-Type-Options": "nosniff"},
    )


def bytes_of(row: Interchange, sent: OutboundFile | None) -> bytes:
    """The bytes of one interchange, ISA to where the next one begins."""
    if sent is not None:
        return bytes(sent.content)
    if row.file is None:
        return b""
    later = row.file.interchanges.filter(file_offset__gt=row.file_offset).order_by("file_offset").first()
    return bytes(row.file.content)[row.file_offset : later.file_offset if later else None]


def shown(content: bytes) -> str:
    """The bytes as text, one line per segment where the segments end in a tilde; what is no text becomes dots."""
    text = content[:SHOWN_BYTES].decode("latin-1").replace("\r\n", "\n")
    text = "".join(c if c == "\n" or c.isprintable() else "·" for c in text)
    return text if "\n" in text else text.replace("~", "~\n")
