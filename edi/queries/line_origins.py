"""Which segment of an 850 an order line came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from edi.choices import Direction
from edi.models import Document, DocumentOrder


def segments_of_lines(order_ids: Sequence[UUID]) -> Iterator[tuple[UUID, str, Document, int]]:
    """Order, line number, document and the segment's place in it; two queries, the first document of a line first."""
    for document, order_id in _sources(order_ids):
        for line_no, position in document.line_sources.items():
            if 1 <= position <= len(document.segments):
                yield order_id, line_no, document, position


def orders_by_document(correlation_id: UUID) -> list[tuple[UUID, UUID]]:
    """(order, the 850 it came by) for the orders of a story; a document with several ship-tos became several."""
    rows = Document.objects.filter(direction=Direction.IN, set_id="850", correlation_id=correlation_id)
    several = DocumentOrder.objects.filter(document__in=rows, change=None).values_list("order_id", "document_id")
    one = rows.filter(order__isnull=False).order_by("-created_at").values_list("order_id", "pk")
    return [(order, document) for order, document in [*one, *several] if order]


def _sources(order_ids: Sequence[UUID]) -> list[tuple[Document, UUID]]:
    """The oldest first: a line is what it was made of, not what repeated it."""
    rows = Document.objects.filter(direction=Direction.IN, set_id="850").defer("findings", "verdict")
    linked = DocumentOrder.objects.filter(order__in=order_ids, change=None, document__set_id="850")
    found = [(row, row.order_id) for row in rows.filter(order__in=order_ids).order_by("created_at", "pk")]
    joint = [(link.document, link.order_id) for link in linked.select_related("document").order_by("position")]
    return [(document, order_id) for document, order_id in [*found, *joint] if order_id]
