"""Which way an inbound document goes: by its set, and by whether it is a test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from edi.models import Document

_LIVE = "P"


@dataclass(frozen=True, slots=True)
class Way:
    """The set of a document, and whether its interchange was not for production (ISA15)."""

    set_id: str
    is_test: bool


def ways_of(document_ids: Collection[UUID]) -> dict[UUID, Way]:
    """The way of each of these documents, in one query."""
    rows = Document.objects.filter(pk__in=document_ids).values_list("pk", "set_id", "group__interchange__usage")
    return {pk: Way(set_id, usage != _LIVE) for pk, set_id, usage in rows}
