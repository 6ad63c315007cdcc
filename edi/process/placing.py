"""From a valid 850 to an order: through the one intake that every channel uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.documents.order_changes import changes_of
from edi.documents.po850 import Mapped850, read_850
from edi.errors import NothingToDo, NotPlaceable
from edi.models import Document, DocumentOrder
from edi.process.acknowledging import acknowledge_order
from edi.process.asked_orders import asked_orders
from edi.process.buyers import buyer_of
from edi.process.changing import ask_changes, fail_document
from edi.process.jobs import TAKE_JOB
from edi.process.master_data import want_master_data
from edi.process.order_options import order_options
from edi.process.storable import set_of
from edi.queries.partners import partner_of
from edi.x12.errors import MappingError
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.errors import UnknownAccount
from orders.process.intake import part_of, place_order

if TYPE_CHECKING:
    from orders.models import Order

_CHANGES = ("cancellation", "change", "replace")
"""BEG01 purposes that change an order that is there, as an 860 does; the others are orders."""


def place_document(*, document_id: UUID) -> None:
    """The 850 is an order, or one per ship-to, or the change of one; or failed with one case. Placed twice it is one.

    Raises RetryLater as long as the ERP's master data were never read: nothing can be judged by an empty catalogue.
    """
    document = Document.objects.select_related("group").get(pk=document_id)
    document.partner = partner_of(document.partner_id)
    if document.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    want_master_data()
    with correlated(document.correlation_id):
        try:
            mapped = _read(document)
            if mapped.order.purpose in _CHANGES:
                ask_changes(document, changes_of(mapped.orders), mapped.sources, mapped.notes)
            else:
                _place(document, mapped)
        except NotPlaceable as error:
            code = str(error.data.get("code", "unreadable_order"))
            fail_document(document, code=code, problems=error.data["problems"])
        except UnknownAccount as error:
            fail_document(document, code="unknown_account", problems=[error.message])


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
    options = order_options(document.partner)
    try:
        return read_850(set_of(document), account=buyer_of(document.partner).code, options=options)
    except MappingError as error:
        raise NotPlaceable(str(error), problems=error.problems) from error


@transaction.atomic
def _place(document: Document, mapped: Mapped850) -> None:
    state = Document.objects.select_for_update().values_list("state", flat=True).get(pk=document.pk)
    if state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    row, orders, notes = document, *asked_orders(document, mapped.orders)
    placements = [
        place_order(
            order=order,
            source_key=f"edi:{document.pk}" + (f":{part_of(order)}" if len(orders) > 1 else ""),
            placed_name=f"EDI {document.partner.name}"[:120],
        )
        for order in orders
    ]
    live = [p.order for p in placements if p.outcome != "conflict"]
    row.order_id = (live or [placements[0].order])[0].pk
    row.state = DocumentState.PLACED if live else DocumentState.FAILED
    row.line_sources = mapped.sources
    row.findings = [*mapped.notes, *notes, *(text for p in placements for text in _outcome(p.outcome, str(p.order)))]
    row.save(update_fields=["order", "state", "line_sources", "findings"])
    if len(placements) > 1:
        links = [DocumentOrder(document=row, order=order, position=at) for at, order in enumerate(live, 1)]
        DocumentOrder.objects.bulk_create(links, ignore_conflicts=True)
    if state == DocumentState.FAILED:
        _end_case(row, live)
    if any(p.outcome == "repeated" for p in placements):
        # The order came by another way before: what was decided of it is due to this partner, too.
        acknowledge_order(order_id=row.order_id)


def _end_case(row: Document, live: Sequence[Order]) -> None:
    reason = f"it is order {live[0]} now" if live else "it came before with other content; that has a case of its own"
    resolve_cases(subject_type="edi_document", subject_id=str(row.pk), resolution=Resolution.RETRIED, reason=reason)


def _outcome(outcome: str, order: str) -> Sequence[str]:
    return {
        "repeated": [f"The same PO with the same content was placed before: {order}."],
        "conflict": [f"The same PO with other content was placed before: {order}. A case tells both."],
    }.get(outcome, [])


@transaction.atomic
def place_again(*, document_id: UUID) -> Document:
    """The failed document waits to be placed once more. Raises NothingToDo for one that did not fail."""
    document = Document.objects.get(pk=document_id)
    if document.state != DocumentState.FAILED or document.set_id not in ("850", "860"):
        raise NothingToDo(f"{document} did not fail; nothing was done")
    enqueue_job(TAKE_JOB, key=str(document.pk), payload={"documents": [str(document.pk)]})
    return document
