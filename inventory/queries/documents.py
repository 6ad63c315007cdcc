"""Which documents of an item a dealer may have on a day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from inventory.choices import DocumentKind
from inventory.models import ItemDocumentVersion

_PLACES = {kind: place for place, kind in enumerate(DocumentKind)}


def documents_of(sku: str, *, on: dt.date) -> list[ItemDocumentVersion]:
    """What holds on the day, by kind and title, without the bytes; one query."""
    rows = [row for row in _begun(sku, on).defer("file__content") if _holds(row, on)]
    return sorted(rows, key=lambda row: (_PLACES[DocumentKind(row.document.kind)], row.document.title, row.name))


def document_of(sku: str, document_id: UUID, *, on: dt.date) -> ItemDocumentVersion | None:
    """The version that holds on the day, with its bytes; None for what no dealer may have of this item."""
    row = _begun(sku, on).filter(document=document_id).first()
    return row if row and _holds(row, on) else None


def _begun(sku: str, on: dt.date) -> QuerySet[ItemDocumentVersion]:
    """Of each document the newest version that has begun: once it has ended, no older one comes back."""
    return (
        ItemDocumentVersion.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            document__skus__contains=[sku], document__internal=False, document__withdrawn_at=None,
        )
        .select_related("document", "file")
        .order_by("document", "-number")
        .distinct("document")
    )  # fmt: skip


def _holds(row: ItemDocumentVersion, on: dt.date) -> bool:
    return row.valid_until is None or row.valid_until >= on
