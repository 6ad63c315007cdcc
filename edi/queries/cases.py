"""What is asked about cases of EDI subjects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from edi.choices import Direction
from edi.models import Document, DueDocument, FunctionalGroup, InboundFile, Interchange
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.queries import open_cases


def has_open_case(*, subject_type: str, subject_id: str, code: str = "", tried_again: bool = True) -> bool:
    """Whether somebody was already told (of this code, where given). Without `tried_again`, a case whose thing somebody
    had tried again does not count: that it failed once more is news.
    """
    rows = open_cases().filter(subject_type=subject_type, subject_id=subject_id)
    rows = rows if tried_again else rows.exclude(status=CaseStatus.RESUBMITTED)
    return (rows.filter(code=code) if code else rows).exists()


def open_edi_cases() -> int:
    """How many cases of the EDI queue wait for a person."""
    return open_cases().filter(queue__code="edi").count()


def evidence_of(case: Case) -> dict[str, Any]:
    """The rows behind a case as `edi_file`, `edi_interchange`, `edi_document` (None where there is none), and
    `edi_sentences`.
    """
    document = interchange = file = None
    if case.subject_type == "edi_document":
        document = _document(case.subject_id)
        interchange = document.group.interchange if document and document.group else None
    elif case.subject_type == "edi_group":
        group = FunctionalGroup.objects.filter(pk=case.subject_id).select_related("interchange").first()
        interchange = group.interchange if group else None
    elif case.subject_type == "edi_due":
        document = _asking(case.subject_id)
        interchange = document.group.interchange if document and document.group else None
    elif case.data.get("interchange"):
        interchange = Interchange.objects.filter(pk=UUID(case.data["interchange"])).first()
    if interchange is not None and interchange.file_id:
        file = InboundFile.objects.defer("content").filter(pk=interchange.file_id).first()
    elif case.data.get("file"):
        file = InboundFile.objects.defer("content").filter(pk=UUID(case.data["file"])).first()
    return {
        "edi_file": file,
        "edi_interchange": interchange,
        "edi_document": document,
        "edi_documents": Document.objects.filter(pk__in=case.data.get("documents", [])).order_by("position"),
        "edi_sentences": case.data.get("sentences") or case.data.get("problems") or [],
    }


def _asking(due_id: str) -> Document | None:
    """The document that asks for what is due."""
    row = DueDocument.objects.filter(pk=due_id).first()
    if row is None:
        return None
    asked = Document.objects.filter(partner=row.partner_id, direction=Direction.IN)
    asked = asked.filter(group=row.group_id) if row.group_id else asked.filter(order=row.order_id, set_id="850")
    return asked.select_related("group__interchange", "partner").order_by("created_at").first()


def _document(pk: str) -> Document | None:
    return Document.objects.filter(pk=pk).select_related("group__interchange", "partner").first()
