"""Files that a partner's own system uploaded or collects, narrowed to the accounts it may act for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from edi.models import Document, InboundFile, Interchange, OutboundFile, TradingPartner
from edi.queries.documents import answers_to, outbound_file_of


def partner_for_upload(*, accounts: Mapping[str, Any], code: str) -> TradingPartner | None:
    """The active partner with a mailbox that a key may send for: the one of that code, or the only one there is."""
    rows = TradingPartner.objects.filter(active=True, mailbox__active=True, **_narrowed("account", accounts))
    found = list((rows.filter(code=code) if code else rows).select_related("mailbox")[:2])
    return found[0] if len(found) == 1 else None


def uploaded_files(accounts: Mapping[str, Any]) -> QuerySet[InboundFile]:
    """The files that came for partners of these accounts."""
    return InboundFile.objects.filter(**_narrowed("mailbox__partner__account", accounts)).defer("content")


def interchanges_of(file_id: UUID) -> list[Interchange]:
    """What a file held, with its groups and documents."""
    rows = Interchange.objects.filter(file_id=file_id).order_by("file_offset")
    return list(rows.prefetch_related("groups__documents__order"))


def answers_for(interchange_id: UUID) -> list[tuple[Document, OutboundFile]]:
    """The 997s and TA1s for an interchange, each with the file that carries it."""
    found = [(row, outbound_file_of(row)) for row in answers_to([interchange_id]).select_related("partner")]
    return [(row, file) for row, file in found if file is not None]


def outbound_files(accounts: Mapping[str, Any]) -> QuerySet[OutboundFile]:
    """The files of ours for partners of these accounts, in the order in which they are to be read."""
    rows = OutboundFile.objects.filter(**_narrowed("partner__account", accounts))
    return rows.select_related("partner__mailbox").order_by("partner_id", "sequence")


def _narrowed(path: str, accounts: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{path}__{name}": value for name, value in accounts.items()}
