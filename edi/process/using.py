"""Follow a valid inbound document once: read, use, settle, or fail with one case that says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.errors import Unusable
from edi.models import Document
from edi.process.storable import set_of
from edi.process.troubles import tell_unusable
from edi.x12.errors import MappingError
from edi.x12.structure import TransactionSet
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases

T = TypeVar("T")
_OPEN = (DocumentState.VALID, DocumentState.FAILED)


def use_document(
    *, document_id: UUID, read: Callable[[TransactionSet], T], use: Callable[[Document, T], Sequence[str]]
) -> None:
    """The document is settled with the findings that `use` gives, or failed with one case; used twice, used once.

    `use` runs in the transaction that settles the document, under its row lock, and raises Unusable.
    """
    document = Document.objects.select_related("partner__account", "group").get(pk=document_id)
    if document.state not in _OPEN:
        return
    with correlated(document.correlation_id):
        try:
            _use(document, read(set_of(document)), use)
        except MappingError as error:
            _fail(document, [str(problem) for problem in error.problems])
        except Unusable as error:
            _fail(document, list(error.data["problems"]))


@transaction.atomic
def _use(document: Document, fact: T, use: Callable[[Document, T], Sequence[str]]) -> None:
    row = Document.objects.select_for_update(of=("self",)).select_related("partner__account").get(pk=document.pk)
    if row.state not in _OPEN:
        return
    findings = list(use(row, fact))
    row.state, row.findings = DocumentState.SETTLED, findings
    row.save(update_fields=["state", "findings", "order", "shipment"])
    resolve_cases(
        subject_type="edi_document",
        subject_id=str(row.pk),
        resolution=Resolution.RETRIED,
        reason="it could be followed now",
        code=Unusable.code,
    )


@transaction.atomic
def _fail(document: Document, problems: list[str]) -> None:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if row.state not in _OPEN or (row.state == DocumentState.FAILED and row.findings == problems):
        return
    row.state, row.findings = DocumentState.FAILED, problems
    row.save(update_fields=["state", "findings"])
    tell_unusable(document, problems)


def unusable(problem: str) -> Unusable:
    """The error that fails a document for one reason."""
    return Unusable(problem, problems=[problem])
