"""What follows a valid inbound document: the one table of sets and the processes that take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

from distportal.common.remembering import remembered
from edi.models import Document, TradingPartner
from edi.process.advised import take_advice, take_status
from edi.process.agreement import TEST
from edi.process.application_advice import settle_824
from edi.process.changing import take_change
from edi.process.crediting import take_debit, take_remittance, take_return
from edi.process.placing import place_document, place_documents
from edi.process.settling import settle_acknowledgment
from edi.process.stock_advice import take_inquiry
from edi.process.transfers import take_receipt
from edi.process.trying import try_document
from edi.queries.agreements import ALWAYS_TAKEN
from edi.queries.ways import Way, ways_of


class Taker(Protocol):
    """Does what one stored document asks for, once, however often it is called; its troubles are cases."""

    def __call__(self, *, document_id: UUID) -> None: ...


class JointTaker(Protocol):
    """Does what many documents of a set ask for in one transaction, and gives those back that have to be taken one at a
    time; where it raises, nothing was done.
    """

    def __call__(self, *, document_ids: Sequence[UUID]) -> list[UUID]: ...


class Settler(Protocol):
    """Settles what we sent by the partner's answer, inside the transaction that records the answer."""

    def __call__(self, *, partner: TradingPartner, document: Document) -> None: ...


TAKERS: Mapping[str, Taker] = {
    "850": place_document,
    "860": take_change,
    "820": take_remittance,
    "812": take_debit,
    "180": take_return,
    "846": take_inquiry,
    "944": take_receipt,
    "945": take_advice,
    "214": take_status,
}
"""Set -> the process of its own job."""
TOGETHER: Mapping[str, JointTaker] = {"850": place_documents}
"""Set -> the process that takes many of it at once; the others are taken one at a time."""
SETTLERS: Mapping[str, Settler] = {
    "997": settle_acknowledgment,
    "999": settle_acknowledgment,
    "824": settle_824,
}
"""Set -> the process that runs at once: answers are short, and nothing else waits for them."""


def take_document(*, document_id: UUID) -> None:
    """What the document asks for is done, or one case says why not. Raises KeyError for a set that nobody takes.

    A test document never gets to the process of its set: it is tried and books nothing.
    """
    way = _way(document_id)
    taker = try_document if way.is_test else TAKERS[way.set_id]
    taker(document_id=document_id)


def take_together(document_ids: Sequence[UUID]) -> list[UUID]:
    """Those that are to be taken one at a time, in their order; the others were taken together. Where it raises,
    nothing was done of any.
    """
    ways = {document_id: _way(document_id) for document_id in document_ids}
    set_ids = {way.set_id for way in ways.values() if not way.is_test} & TOGETHER.keys()
    left = set(document_ids)
    for set_id in sorted(set_ids):
        wanted = [pk for pk, way in ways.items() if way.set_id == set_id and not way.is_test]
        if len(wanted) > 1:
            left -= set(wanted) - set(TOGETHER[set_id](document_ids=wanted))
    return [document_id for document_id in document_ids if document_id in left]


def foresee_documents(document_ids: Sequence[UUID]) -> None:
    """What `take_document` asks of each of these is read in one query, for as long as facts are remembered."""
    ways = ways_of(document_ids)
    for document_id in ways:
        remembered(_key(document_id), partial(ways.__getitem__, document_id))


def _way(document_id: UUID) -> Way:
    return remembered(_key(document_id), lambda: ways_of([document_id])[document_id])


def _key(document_id: UUID) -> tuple[str, UUID]:
    return ("edi.way", document_id)


def settle_document(*, partner: TradingPartner, document: Document) -> None:
    """What we sent is settled by the partner's answer; of test data only acknowledgments settle anything.

    Raises KeyError for a set that settles nothing.
    """
    tested = document.group is not None and document.group.interchange.usage == TEST
    if document.set_id in ALWAYS_TAKEN or not tested:
        SETTLERS[document.set_id](partner=partner, document=document)
