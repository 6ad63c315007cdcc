"""The document behind a case of an order or of EDI."""

from __future__ import annotations

from edi.choices import Direction
from edi.models import Document
from edi.queries.cases import evidence_of
from exceptions.models import Case


def document_behind(case: Case) -> Document | None:
    """The inbound document that the case came from, with its partner and group; None where none did."""
    if case.subject_type.startswith("edi_"):
        found: Document | None = evidence_of(case)["edi_document"]
        return found
    rows = Document.objects.filter(correlation_id=case.correlation_id, direction=Direction.IN)
    return rows.select_related("group", "partner__account").order_by("created_at", "pk").first()
