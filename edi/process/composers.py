"""The one table of what builds each set that we send, from the key of the fact it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from edi.models import Document, StockTransfer
from edi.process.acknowledging import acknowledge_order
from edi.process.advising import request_advice, request_catalogue
from edi.process.answering import answer_change
from edi.process.application_advice import advise_partner
from edi.process.billing import build_invoice
from edi.process.catalogue import first_catalogue
from edi.process.crediting import answer_return
from edi.process.departing import announce_shipment
from edi.process.instructing import instruct_warehouses
from edi.process.reanswering import answer_by_hand
from edi.process.stock_advice import first_advice
from edi.queries.documents import TA1
from edi.queries.warehouses import instructions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """What builds a set about a kind of fact (`subject`, by `edi.queries.subjects`): the documents, those that left
    before among them. `queue`: what begins all of it, where one look is only the first of many documents.
    """

    set_id: str
    subject: str
    build: Callable[[str], list[Document]]
    queue: Callable[[str], bool] | None = None


def _one(document: Document | None) -> list[Document]:
    return [document] if document is not None else []


def _instructions(key: str) -> list[Document]:
    """What leaves now; where the warehouses know it all, what they were told last."""
    return instruct_warehouses(order_id=UUID(key)) or instructions_of(order_id=UUID(key))


def _transfer(key: str) -> list[Document]:
    return [StockTransfer.objects.select_related("document__partner").get(pk=key).document]


def _advice(key: str) -> list[Document]:
    document = Document.objects.select_related("partner", "group").get(pk=key)
    return _one(advise_partner(document=document, problems=[str(text) for text in document.findings]))


def _answer(set_id: str) -> Callable[[str], list[Document]]:
    return lambda key: answer_by_hand(interchange_id=UUID(key), set_id=set_id)


def _invoice(set_id: str) -> Callable[[str], list[Document]]:
    return lambda key: _one(build_invoice(set_id=set_id, invoice_id=UUID(key)))


COMPOSERS: Mapping[str, Composer] = {
    composer.set_id: composer
    for composer in (
        Composer(set_id="855", subject="order", build=lambda key: _one(acknowledge_order(order_id=UUID(key)))),
        Composer(set_id="865", subject="change", build=lambda key: answer_change(change_id=UUID(key))),
        Composer(
            set_id="856",
            subject="shipment",
            build=lambda key: _one(announce_shipment(shipment_id=UUID(key), now=True)),
        ),
        Composer(set_id="810", subject="invoice", build=_invoice("810")),
        Composer(set_id="812", subject="invoice", build=_invoice("812")),
        Composer(set_id="180", subject="return", build=lambda key: _one(answer_return(return_id=UUID(key)))),
        Composer(set_id="824", subject="document", build=_advice),
        Composer(
            set_id="846",
            subject="partner",
            build=lambda key: _one(first_advice(partner_code=key)),
            queue=lambda key: request_advice(partner_code=key),
        ),
        Composer(
            set_id="832",
            subject="partner",
            build=lambda key: _one(first_catalogue(partner_code=key)),
            queue=lambda key: request_catalogue(partner_code=key),
        ),
        Composer(set_id="940", subject="warehouse_order", build=_instructions),
        Composer(set_id="943", subject="transfer", build=_transfer),
        Composer(set_id="997", subject="interchange", build=_answer("997")),
        Composer(set_id="999", subject="interchange", build=_answer("999")),
        Composer(set_id=TA1, subject="interchange", build=_answer(TA1)),
    )
}
