"""Use a valid document once: what it asks for is done and noted, or one case says why not and its sender is advised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import transaction

from distportal.common.errors import DomainError
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.errors import NothingToDo
from edi.models import Document
from edi.process.advising import advise_partner
from edi.process.jobs import TAKE_JOB
from edi.process.troubles import tell_unusable
from edi.x12.errors import MappingError, Problem
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases

_WAITS = (DocumentState.VALID, DocumentState.FAILED)


def use_document(*, document_id: UUID, use: Callable[[Document], Sequence[str]]) -> None:
    """The document is settled by `use`, which gives what a reader should know, or failed with one case.

    `use` runs in the transaction that marks the document; it may raise MappingError or a DomainError that tells what is
    wrong with the content. A retryable DomainError goes on to the job.
    """
    document = Document.objects.select_related("partner__account", "group").get(pk=document_id)
    if document.state not in _WAITS:
        return
    with correlated(document.correlation_id):
        try:
            _use(document, use)
        except MappingError as error:
            _fail(document, error.problems)
        except DomainError as error:
            if error.retryable:
                raise
            _fail(document, [error.message])


@transaction.atomic
def use_again(*, document_id: UUID) -> Document:
    """The failed document waits to be used once more. Raises NothingToDo for one that did not fail."""
    document = Document.objects.get(pk=document_id)
    if document.state != DocumentState.FAILED:
        raise NothingToDo(f"{document} did not fail; nothing was done")
    enqueue_job(TAKE_JOB, key=str(document.pk), payload={"documents": [str(document.pk)]})
    return document


@transaction.atomic
def _use(document: Document, use: Callable[[Document], Sequence[str]]) -> None:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if row.state not in _WAITS:
        return
    notes = use(document)
    row.state, row.findings = DocumentState.SETTLED, [note[:500] for note in notes]
    row.save(update_fields=["state", "findings"])
    resolve_cases(
        subject_type="edi_document",
        subject_id=str(row.pk),
        resolution=Resolution.RETRIED,
        reason="it was used",
    )


@transaction.atomic
def _fail(document: Document, problems: Sequence[Problem | str]) -> None:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    told = [str(problem) for problem in problems]
    row.state, row.findings = DocumentState.FAILED, told
    row.save(update_fields=["state", "findings"])
    tell_unusable(document, told)
    advise_partner(document=document, problems=problems)
