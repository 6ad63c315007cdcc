"""From a valid 850 to an order: through the one intake that every channel uses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.documents.po850 import Mapped850, read_850
from edi.errors import NothingToDo, NotPlaceable
from edi.models import Document
from edi.process.acknowledging import acknowledge_order
from edi.process.jobs import TAKE_JOB
from edi.process.storable import set_of
from edi.process.translation import in_our_words
from edi.process.troubles import tell_unreadable_order
from edi.queries.readiness import unread_feeds
from edi.x12.errors import MappingError
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.errors import UnknownAccount
from orders.process.intake import place_order

_ORDERS = ("original", "confirmation")
"""BEG01 purposes that are orders; a cancellation, change or replacement is for a person."""


def place_document(*, document_id: UUID) -> None:
    """The 850 is an order, or failed with one case; placed twice it is one order.

    Raises RetryLater as long as the ERP's master data were never read: nothing can be judged by an empty catalogue.
    """
    document = Document.objects.select_related("partner__account", "group").get(pk=document_id)
    if document.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    missing = unread_feeds()
    if missing:
        raise RetryLater(f"the ERP's {', '.join(missing)} were not read yet", after=5.0, counts=False)
    with correlated(document.correlation_id):
        try:
            mapped = _read(document)
            _place(document, mapped)
        except NotPlaceable as error:
            _fail(document, code="unreadable_order", problems=error.data["problems"])
        except UnknownAccount as error:
            _fail(document, code="unknown_account", problems=[error.message])


@transaction.atomic
def discard_document(*, document_id: UUID, reason: str) -> Document:
    """A failed document is done without an order. Raises NothingToDo for one that did not fail."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    if document.state != DocumentState.FAILED:
        raise NothingToDo(f"{document} did not fail; nothing was done")
    document.state = DocumentState.SETTLED
    document.findings = [*document.findings, f"Discarded: {reason}"]
    document.save(update_fields=["state", "findings"])
    return document


def _read(document: Document) -> Mapped850:
    try:
        mapped = read_850(set_of(document), account=document.partner.account.code)
    except MappingError as error:
        problems = [str(problem) for problem in error.problems]
        raise NotPlaceable(str(error), problems=problems) from error
    if mapped.order.purpose not in _ORDERS:
        problem = f"it is a {mapped.order.purpose} (BEG01), not an order. Do by hand what it asks, then discard it"
        raise NotPlaceable(problem, problems=[problem])
    return mapped


@transaction.atomic
def _place(document: Document, mapped: Mapped850) -> None:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if row.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    placement = place_order(
        order=in_our_words(mapped.order, document.partner),
        source_key=f"edi:{document.pk}",
        placed_name=f"EDI {document.partner.name}"[:120],
    )
    conflict = placement.outcome == "conflict"
    row.order_id = placement.order.pk
    row.state = DocumentState.FAILED if conflict else DocumentState.PLACED
    row.line_sources = mapped.sources
    row.findings = [*mapped.notes, *_outcome(placement.outcome, str(placement.order))]
    row.save(update_fields=["order", "state", "line_sources", "findings"])
    resolve_cases(
        subject_type="edi_document",
        subject_id=str(row.pk),
        resolution=Resolution.RETRIED,
        reason=f"it is order {placement.order} now",
    )
    if placement.outcome == "repeated":
        # The order came by another way before: what was decided of it is due to this partner, too.
        acknowledge_order(order_id=placement.order.pk)


def _outcome(outcome: str, order: str) -> Sequence[str]:
    return {
        "repeated": [f"The same PO with the same content was placed before: {order}."],
        "conflict": [f"The same PO with other content was placed before: {order}. A case tells both."],
    }.get(outcome, [])


@transaction.atomic
def _fail(document: Document, *, code: str, problems: Sequence[str]) -> None:
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    row.state, row.findings = DocumentState.FAILED, list(problems)
    row.save(update_fields=["state", "findings"])
    tell_unreadable_order(document, code=code, problems=problems)


@transaction.atomic
def place_again(*, document_id: UUID) -> Document:
    """The failed document waits to be placed once more. Raises NothingToDo for one that did not fail."""
    document = Document.objects.get(pk=document_id)
    if document.state != DocumentState.FAILED or document.set_id != "850":
        raise NothingToDo(f"{document} did not fail; nothing was done")
    enqueue_job(TAKE_JOB, key=str(document.pk), payload={"document": str(document.pk)})
    return document
