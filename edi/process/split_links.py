"""The orders that an order was split into belong to the 850 that it came by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from edi.choices import Direction
from edi.models import Document, DocumentOrder


@transaction.atomic
def link_split_order(*, order_id: UUID, parts: Sequence[UUID]) -> None:
    """Behind the order itself, so that the PO is answered as a whole; nothing for an order that came another way."""
    rows = Document.objects.filter(direction=Direction.IN, set_id="850")
    source = rows.filter(Q(order_id=order_id) | Q(order_links__order_id=order_id)).order_by("created_at").first()
    if source is None:
        return
    there = source.order_links.aggregate(last=Max("position"))["last"] or 0
    known = set(source.order_links.values_list("order_id", flat=True))
    new = [pk for pk in (order_id, *parts) if pk not in known]
    links = [DocumentOrder(document=source, order_id=pk, position=there + at) for at, pk in enumerate(new, 1)]
    DocumentOrder.objects.bulk_create(links, ignore_conflicts=True)
