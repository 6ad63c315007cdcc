"""Follow a valid inbound document once: read, use, settle, or fail with one case that says why; its sender is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from distportal.common.errors import DomainError
from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.errors import Unusable
from edi.models import Document
from edi.process.application_advice import advise_partner
from edi.process.storable import set_of
from edi.process.troubles import tell_unusable
from edi.x12.errors import MappingError, Problem
from edi.x12.structure import TransactionSet
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases

T = TypeVar("T")
_OPEN = (DocumentState.VALID, DocumentState.FAILED)


def use_document(
    *, document_id: UUID, read: Callable[[TransactionSet], T], use: Callable[[Document, T], Sequence[str]]
) -> None:
    """The document is settled with the findings that `use` gives, or failed with one case; used twice, used once.

    `use` runs in the transaction that settles the document, under its row lock. A DomainError it raises says why the
    document cannot be used (`data["problems"]`, where there are several); a retryable one goes on to the job.
    """
    document = Document.objects.select_related("partner__account", "group").get(pk=document_id)
    if document.state not in _OPEN:
        return
    with correlated(document.correlation_id):
        try:
            _use(document, read(set_of(document)), use)
        except MappingError as error:
            _fail(document, error.problems)
        except DomainError as error:
            if error.retryable:
                raise
            _fail(document, error.data.get("problems") or [error.message])


@transaction.atomic
def _use(document: Document, fact: T, use: Callable[[Document, T], Sequence[str]]) -> None:
    row = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner__account")
        .get(pk=document.pk)
    )
    if row.state not in _OPEN:
        return
    findings = [text[:500] for text in use(row, fact)]
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
def _fail(document: Document, problems: Sequence[Problem | str]) -> None:
    row = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    told = [str(problem) for problem in problems]
    if row.state not in _OPEN or (row.state == DocumentState.FAILED and row.findings == told):
        return
    row.state, row.findings = DocumentState.FAILED, told
    row.save(update_fields=["state", "findings"])
    tell_unusable(document, told)
    advise_partner(document=document, problems=problems)


def unusable(problem: str) -> Unusable:
    """The error that fails a document for one reason."""
    return Unusable(problem, problems=[problem])
