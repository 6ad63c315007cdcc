"""Documents and interchanges as people look for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from distportal.accounts.models import User
from edi.choices import AckState, Direction
from edi.models import Document, OutboundFile, TradingPartner

FILTERS = ("direction", "partner", "set_id", "state", "ack_state")


def documents_in_view(*, user: User, chosen: Mapping[str, str], text: str) -> QuerySet[Document]:
    """The documents the person may see, newest first, by filters and by PO, order, invoice or control number."""
    rows = Document.objects.visible_to(user).select_related("partner", "order", "shipment", "invoice", "group")
    rows = rows.defer("segments", "findings", "line_sources")
    for name in FILTERS:
        value = chosen.get(name, "")
        if value:
            rows = rows.filter(**{"partner__code" if name == "partner" else name: value})
    text = text.strip()
    if text:
        rows = rows.filter(_matches(text))
    return rows.order_by("-created_at", "-pk")


def _matches(text: str) -> Q:
    found = Q(order__po_number__icontains=text) | Q(invoice__number__iexact=text) | Q(shipment__number__iexact=text)
    found |= Q(control_number=text) | Q(group__control_number=text) | Q(group__interchange__control_number=text)
    digits = text.upper().removeprefix("SO-")
    if digits.isdecimal() and len(digits) <= 18:
        found |= Q(order__number=int(digits)) | Q(group__interchange__control_number=digits.zfill(9))
    return found


def partners() -> QuerySet[TradingPartner]:
    """All partners by name, for the filter."""
    return TradingPartner.objects.order_by("name")


def set_ids() -> list[str]:
    """The kinds of documents that exist."""
    return list(Document.objects.order_by("set_id").values_list("set_id", flat=True).distinct())


def waiting_files() -> int:
    """How many files of ours were not brought to their partners yet."""
    return OutboundFile.objects.filter(sent_at=None).count()


def awaited_acks() -> int:
    """How many documents of ours were sent and not acknowledged yet."""
    rows = Document.objects.filter(direction=Direction.OUT, ack_state=AckState.EXPECTED)
    return rows.exclude(sent_at=None).count()
