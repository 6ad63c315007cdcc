"""The orders that an order was split into belong to the 850 that it came by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from edi.choices import Direction
from edi.models import Document, DocumentOrder


def lock_source(order_id: UUID) -> None:
    """The 850 that the order came by stays as it is until commit: documents are locked before POs and orders."""
    list(_sources(order_id).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


@transaction.atomic
def link_split_order(order_id: UUID, parts: Sequence[UUID]) -> None:
    """Behind the order itself, so that the PO is answered as a whole; nothing for an order that came another way."""
    source = _sources(order_id).order_by("created_at").first()
    if source is None:
        return
    there = source.order_links.aggregate(last=Max("position"))["last"] or 0
    known = set(source.order_links.values_list("order_id", flat=True))
    new = [pk for pk in (order_id, *parts) if pk not in known]
    links = [DocumentOrder(document=source, order_id=pk, position=there + at) for at, pk in enumerate(new, 1)]
    DocumentOrder.objects.bulk_create(links, ignore_conflicts=True)


def _sources(order_id: UUID) -> QuerySet[Document]:
    linked = Exists(DocumentOrder.objects.filter(document=OuterRef("pk"), order_id=order_id))
    return Document.objects.filter(Q(order_id=order_id) | linked, direction=Direction.IN, set_id="850")
