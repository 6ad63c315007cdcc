"""From a valid 860, or an 850 that changes an order, to the change of that order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from distportal.events.errors import RetryLater
from distportal.observability.correlation import correlated
from edi.choices import DocumentState
from edi.documents.poc860 import read_860
from edi.errors import NotPlaceable
from edi.models import Document, DocumentOrder
from edi.process.answering import answer_document
from edi.process.application_advice import advise_partner
from edi.process.buyers import buyer_of
from edi.process.change_routing import wanted_changes
from edi.process.master_data import want_master_data
from edi.process.order_options import order_options
from edi.process.storable import set_of
from edi.process.troubles import tell_unreadable_order
from edi.queries.changes import unplaced_orders
from edi.queries.facts import orders_of_po
from edi.x12.errors import MappingError, Problem
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.process.changes import ChangePlacement, request_change
from orders.queries.numbers import normalise_po

_PARTNERS_TROUBLE = frozenset({"unreadable_order", "unreadable_change", "unknown_order", "unclear_change"})
"""Codes that the partner can do something about; an account that we do not have is our own trouble."""
WAIT_FOR_ORDER = 5.0
"""Seconds until a change is tried again whose order came, but is not placed yet."""


def take_change(*, document_id: UUID) -> None:
    """The 860 is asked of its order, or failed with one case; taken twice it is asked once.

    Raises RetryLater while the ERP's master data were never read, or the 850 before it is not placed yet.
    """
    document = Document.objects.select_related("partner__account", "group").get(pk=document_id)
    if document.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    want_master_data()
    with correlated(document.correlation_id):
        try:
            options = order_options(document.partner)
            mapped = read_860(set_of(document), account=buyer_of(document.partner).code, options=options)
            ask_changes(document, (mapped.change,), mapped.sources, mapped.notes)
        except MappingError as error:
            fail_document(document, code="unreadable_change", problems=error.problems)
        except NotPlaceable as error:
            fail_document(document, code=error.data["code"], problems=error.data["problems"])


def ask_changes(
    document: Document, changes: Sequence[OrderChange], sources: dict[str, int], notes: Sequence[str]
) -> None:
    """The changes are asked of the orders of their PO; a repeated one is answered again.

    Raises NotPlaceable where no order is known or nothing says which one is meant, RetryLater while the order itself
    waits to be placed.
    """
    norm = normalise_po(changes[0].po_number)
    orders = orders_of_po(account_id=buyer_of(document.partner).pk, po_norm=norm)
    if not orders and unplaced_orders(document.partner, changes[0].po_number):
        raise RetryLater("the order itself is not placed yet", after=WAIT_FOR_ORDER, counts=False)
    if not orders:
        text = f"no order with the PO number {changes[0].po_number} is known"
        raise NotPlaceable(text, code="unknown_order", problems=[text])
    found = wanted_changes(document, changes, {order.pk: from_json(AskedOrder, order.canonical) for order in orders})
    _ask(document, found.by_order, sources, [*notes, *found.notes])


@transaction.atomic
def _ask(
    document: Document, wanted: Sequence[tuple[UUID, OrderChange]], sources: dict[str, int], notes: Sequence[str]
) -> None:
    row = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner", "group")
        .get(pk=document.pk)
    )
    if row.state not in (DocumentState.VALID, DocumentState.FAILED):
        return
    name = f"EDI {document.partner.name}"[:120]
    placements = [
        request_change(order_id=pk, change=change, source_key=f"edi:{document.pk}:{pk}", asked_name=name)
        for pk, change in wanted
    ]
    conflicts = [p for p in placements if p.outcome == "conflict"]
    DocumentOrder.objects.bulk_create(
        [
            DocumentOrder(document=row, order_id=p.change.order_id, change=p.change, position=at)
            for at, p in enumerate(placements, 1)
            if p.outcome != "conflict"
        ],
        ignore_conflicts=True,
    )
    row.order_id = placements[0].change.order_id
    row.state = DocumentState.FAILED if conflicts else DocumentState.SETTLED
    row.line_sources = sources
    row.findings = [*notes, *(text for p in placements for text in _outcome(p))]
    row.save(update_fields=["order", "state", "line_sources", "findings"])
    resolve_cases(
        subject_type="edi_document", subject_id=str(row.pk), resolution=Resolution.RETRIED, reason="it was asked now"
    )
    if any(p.outcome == "repeated" for p in placements):
        # What is decided already publishes nothing any more: its answer is due to this document, too.
        answer_document(document=row)


@transaction.atomic
def fail_document(document: Document, *, code: str, problems: Sequence[Problem | str]) -> None:
    """The document is failed, with one case that tells every problem; the partner hears of it where it takes 824s."""
    row = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    told = [str(problem) for problem in problems]
    row.state, row.findings = DocumentState.FAILED, told
    row.save(update_fields=["state", "findings"])
    tell_unreadable_order(document, code=code, problems=told)
    if code in _PARTNERS_TROUBLE:
        advise_partner(document=document, problems=problems)


def _outcome(placement: ChangePlacement) -> list[str]:
    texts = {
        "repeated": f"The same change came before: {placement.change}.",
        "conflict": f"A change of this number came before with other content: {placement.change}. A case tells both.",
    }
    return [texts[placement.outcome]] if placement.outcome in texts else []
