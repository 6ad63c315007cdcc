"""What follows a valid inbound document: the one table of sets and the processes that take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from edi.models import Document, TradingPartner
from edi.process.placing import place_document
from edi.process.settling import settle_997
from edi.process.trying import try_document
from edi.queries.checklist import is_test


class Taker(Protocol):
    """Does what one stored document asks for, once, however often it is called; its troubles are cases."""

    def __call__(self, *, document_id: UUID) -> None: ...


class Settler(Protocol):
    """Settles what we sent by the partner's answer, inside the transaction that records the answer."""

    def __call__(self, *, partner: TradingPartner, document: Document) -> None: ...


TAKERS: Mapping[str, Taker] = {"850": place_document}
"""Set -> the process of its own job."""
SETTLERS: Mapping[str, Settler] = {"997": settle_997}
"""Set -> the process that runs at once: answers are short, and nothing else waits for them."""


def take_document(*, document_id: UUID) -> None:
    """What the document asks for is done, or one case says why not. Raises KeyError for a set that nobody takes.

    A test document never gets to the process of its set: it is tried and books nothing.
    """
    if is_test(document_id):
        try_document(document_id=document_id)
        return
    set_id = Document.objects.values_list("set_id", flat=True).get(pk=document_id)
    TAKERS[set_id](document_id=document_id)
