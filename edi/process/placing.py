"""From a valid 850 to an order: through the one intake that every channel uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.parts import ItemId
from distportal.common.remembering import remembering
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
from edi.process.placed import write_placed
from edi.process.storable import set_of
from edi.queries.partners import partner_of
from edi.queries.stock import foresee_items
from edi.queries.words import words_scope
from edi.x12.errors import MappingError
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.errors import UnknownAccount
from orders.process.intake import Asking, Placement, place_orders
from orders.process.rule_uses import note_rules_of
from orders.process.same_po import part_of

if TYPE_CHECKING:
    from orders.models import Order

_CHANGES = ("cancellation", "change", "replace")
"""BEG01 purposes that change an order that is there, as an 860 does; the others are orders."""
_UNPLACED = (DocumentState.VALID, DocumentState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """An 850 that was read and is to be placed: its orders as the intake gets them, and what was chosen or odd."""

    document: Document
    mapped: Mapped850
    orders: list[AskedOrder]
    notes: list[str]


def place_document(*, document_id: UUID) -> None:
    """The 850 is an order, or one per ship-to, or the change of one; or failed with one case. Placed twice it is one.

    Raises RetryLater as long as the ERP's master data were never read: nothing can be judged by an empty catalogue.
    """
    [document] = _documents([document_id])
    if document.state not in _UNPLACED:
        return
    want_master_data()
    with remembering(), correlated(document.correlation_id):
        try:
            mapped = _read(document)
            if mapped.order.purpose in _CHANGES:
                ask_changes(document, changes_of(mapped.orders), mapped.sources, mapped.notes)
            else:
                _place([_chosen(document, mapped)])
        except NotPlaceable as error:
            code = str(error.data.get("code", "unreadable_order"))
            fail_document(document, code=code, problems=error.data["problems"])
        except UnknownAccount as error:
            fail_document(document, code="unknown_account", problems=[error.message])


def place_documents(*, document_ids: Sequence[UUID]) -> list[UUID]:
    """The 850s are orders, all of them in one transaction, but for those that this gives back: they have to be placed
    by themselves, being changes or unreadable. Where it raises, none is placed.

    Raises RetryLater like `place_document`, and what the intake raises.
    """
    want_master_data()
    read, ready, alone = [], [], []
    for document in _documents(document_ids):
        if document.state in _UNPLACED:
            try:
                read.append((document, _read(document)))
            except NotPlaceable:
                alone.append(document.pk)
    _foresee_items(read)
    for document, mapped in read:
        try:
            if mapped.order.purpose in _CHANGES:
                alone.append(document.pk)
            else:
                ready.append(_chosen(document, mapped))
        except NotPlaceable:
            alone.append(document.pk)
    _place(ready)
    return alone


def _foresee_items(read: Sequence[tuple[Document, Mapped850]]) -> None:
    """The items of all orders of an account are read together."""
    by_account: dict[UUID, list[Sequence[ItemId]]] = {}
    for document, mapped in read:
        names = by_account.setdefault(buyer_of(document.partner).pk, [])
        names += [line.items for order in mapped.orders for line in order.lines]
    for account_id, names in by_account.items():
        foresee_items(account_id=account_id, names=names)


@transaction.atomic
def discard_document(*, document_id: UUID, reason: str) -> Document:
    """A failed document is done without an order. Raises NothingToDo for one that did not fail."""
    document = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document_id)
    if document.state != DocumentState.FAILED:
        raise NothingToDo(f"{document} did not fail; nothing was done")
    document.state = DocumentState.SETTLED
    document.findings = [*document.findings, f"Discarded: {reason}"]
    document.save(update_fields=["state", "findings"])
    return document


def _documents(document_ids: Sequence[UUID]) -> list[Document]:
    """The documents in this order, with their partners; in one query beside those for the partners."""
    rows = {row.pk: row for row in Document.objects.select_related("group").filter(pk__in=document_ids)}
    found = [rows[document_id] for document_id in document_ids]
    for row in found:
        row.partner = partner_of(row.partner_id)
    return found


def _read(document: Document) -> Mapped850:
    options = order_options(document.partner)
    try:
        return read_850(set_of(document), account=buyer_of(document.partner).code, options=options)
    except MappingError as error:
        raise NotPlaceable(str(error), problems=error.problems) from error


def _chosen(document: Document, mapped: Mapped850) -> _Ready:
    orders, notes = asked_orders(document, mapped.orders)
    return _Ready(document=document, mapped=mapped, orders=orders, notes=notes)


@transaction.atomic
def _place(ready: Sequence[_Ready]) -> None:
    """All of them are placed under the locks of their documents, or none."""
    rows = (
        Document.objects.select_for_update(no_key=True).filter(pk__in=[one.document.pk for one in ready]).order_by("pk")
    )
    states = dict(rows.values_list("pk", "state")) if ready else {}
    wanted = [one for one in ready if states[one.document.pk] in _UNPLACED]
    placed = iter(place_orders(askings=[asking for one in wanted for asking in _askings(one)]))
    outcomes = [(one, [next(placed) for _ in one.orders]) for one in wanted]
    for one, placements in outcomes:
        _note(one, placements)
    write_placed([one.document for one in wanted])
    for one, placements in outcomes:
        with correlated(one.document.correlation_id):
            scope = words_scope(one.document.partner)
            note_rules_of(sent=one.mapped.orders, scope=scope, story=one.document.correlation_id)
            _settle(one.document, placements, again=states[one.document.pk] == DocumentState.FAILED)


def _askings(one: _Ready) -> list[Asking]:
    return [
        Asking(
            order=order,
            source_key=f"edi:{one.document.pk}" + (f":{part_of(order)}" if len(one.orders) > 1 else ""),
            placed_name=f"EDI {one.document.partner.name}"[:120],
            correlation_id=one.document.correlation_id,
        )
        for order in one.orders
    ]


def _note(one: _Ready, placements: Sequence[Placement]) -> None:
    """The document's row says what became of it; it is not saved here."""
    row, live = one.document, _live(placements)
    row.order_id = (live or [placements[0].order])[0].pk
    row.state = DocumentState.PLACED if live else DocumentState.FAILED
    row.line_sources = one.mapped.sources
    told = [text for placement in placements for text in _outcome(placement.outcome, str(placement.order))]
    row.findings = [*one.mapped.notes, *one.notes, *told]


def _settle(row: Document, placements: Sequence[Placement], *, again: bool) -> None:
    live = _live(placements)
    if len(placements) > 1:
        links = [DocumentOrder(document=row, order=order, position=at) for at, order in enumerate(live, 1)]
        DocumentOrder.objects.bulk_create(links, ignore_conflicts=True)
    if again:
        _end_case(row, live)
    if any(p.outcome == "repeated" for p in placements) and row.order_id:
        # The order came by another way before: what was decided of it is due to this partner, too.
        acknowledge_order(order_id=row.order_id)


def _live(placements: Sequence[Placement]) -> list[Order]:
    return [placement.order for placement in placements if placement.outcome != "conflict"]


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
