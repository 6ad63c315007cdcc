"""See a document before it leaves: built by the very code that would send it, then taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from edi.choices import Direction
from edi.errors import CannotCompose
from edi.models import Document, TradingPartner
from edi.process.acknowledging import acknowledge_order
from edi.process.billing import build_invoice
from edi.process.departing import announce_shipment
from edi.queries.documents import outbound_file_of
from edi.queries.facts import subject_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """What builds a set, from the number of what it tells (`subject`: order, shipment or invoice)."""

    set_id: str
    subject: str
    build: Callable[[UUID], Document | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One document as it would leave: its segments and the exact bytes. `sent` is the one that left already."""

    set_id: str
    partner: TradingPartner
    segments: list[list[str]]
    content: bytes
    file_name: str
    sent: Document | None


COMPOSERS: Mapping[str, Composer] = {
    composer.set_id: composer
    for composer in (
        Composer(set_id="855", subject="order", build=lambda pk: acknowledge_order(order_id=pk)),
        Composer(set_id="856", subject="shipment", build=lambda pk: announce_shipment(shipment_id=pk, now=True)),
        Composer(set_id="810", subject="invoice", build=lambda pk: build_invoice(set_id="810", invoice_id=pk)),
        Composer(set_id="812", subject="invoice", build=lambda pk: build_invoice(set_id="812", invoice_id=pk)),
    )
}


def preview_document(*, set_id: str, number: str) -> Draft:
    """The document about the order, shipment or invoice of that number; nothing stays of it, its control numbers are
    free again. Raises CannotCompose, and Unsendable for one that our own maps refuse.
    """
    composer, subject_id = _chosen(set_id, number)
    with transaction.atomic():
        draft = _drafted(composer, subject_id)
        transaction.set_rollback(True)
    return draft


def send_composed(*, set_id: str, number: str) -> Document:
    """The document is on its way, or the one that left before. Raises as `preview_document` does."""
    composer, subject_id = _chosen(set_id, number)
    return _built(composer, subject_id)


def _drafted(composer: Composer, subject_id: UUID) -> Draft:
    known = Document.objects.filter(
        set_id=composer.set_id, direction=Direction.OUT, **{f"{composer.subject}_id": subject_id}
    )
    before = set(known.values_list("pk", flat=True))
    document = _built(composer, subject_id)
    file = outbound_file_of(document)
    return Draft(
        set_id=composer.set_id,
        partner=document.partner,
        segments=document.segments,
        content=bytes(file.content) if file else b"",
        file_name=file.name if file else "",
        sent=document if document.pk in before else None,
    )


def _built(composer: Composer, subject_id: UUID) -> Document:
    document = composer.build(subject_id)
    if document is None:
        raise CannotCompose(
            f"no partner waits for a {composer.set_id} about this {composer.subject}, or nothing is decided yet"
        )
    return document


def _chosen(set_id: str, number: str) -> tuple[Composer, UUID]:
    composer = COMPOSERS.get(set_id)
    if composer is None:
        raise CannotCompose(f"a {set_id} is not composed by hand")
    found = subject_ids(kind=composer.subject, number=number)
    if not found:
        raise CannotCompose(f"no {composer.subject} has the number {number}")
    return composer, found[0]


def composable() -> list[tuple[str, str]]:
    """The sets that can be composed, with the kind of number each asks for."""
    return [(set_id, composer.subject) for set_id, composer in COMPOSERS.items()]
