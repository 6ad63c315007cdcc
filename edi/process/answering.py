"""865, or 855 to an 850 that changes an order: what became of a change, told once when all of it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from edi.documents.ack855 import OrderAcknowledgment, write_855
from edi.documents.ack_header import code_of
from edi.documents.poa865 import PURPOSE_CODES, write_865
from edi.models import Document
from edi.process.acknowledging import acknowledgment_of, is_decided
from edi.process.change_answers import change_acknowledgment
from edi.process.order_options import order_options
from edi.process.outbound import Outgoing, send_set
from edi.queries.agreements import wants, written_release
from edi.queries.changes import changes_asked_by, documents_asking, is_settled
from edi.x12.catalog import release_of
from edi.x12.tokens import Elements

if TYPE_CHECKING:
    from orders.models import ChangeRequest


@transaction.atomic
def answer_change(*, change_id: UUID) -> list[Document]:
    """The answers to each document that asked for the change; none where nobody waits for one."""
    answers = (answer_document(document=document) for document in documents_asking(change_id=change_id))
    return [answer for answer in answers if answer is not None]


@transaction.atomic
def answer_document(*, document: Document) -> Document | None:
    """The one answer to a document that changes orders; None while any of its changes is open, or where the partner
    does not want such answers.
    """
    set_id = "865" if document.set_id == "860" else "855"
    changes = changes_asked_by(document)
    if not changes or not all(map(is_settled, changes)) or not wants(document.partner, set_id):
        return None
    release = release_of(written_release(document.partner, set_id))
    body = _body_865(document, changes, release) if set_id == "865" else _body_855(document, changes, release)
    if body is None:
        return None
    outgoing = Outgoing(set_id=set_id, business_key=f"{set_id}:{document.pk}", body=body, order_id=changes[0].order_id)
    return send_set(partner=document.partner, outgoing=outgoing)


def _body_865(document: Document, changes: Sequence[ChangeRequest], release: str) -> list[Elements]:
    return write_865(change_acknowledgment(changes, options=order_options(document.partner)), release=release)


def _body_855(document: Document, changes: Sequence[ChangeRequest], release: str) -> list[Elements] | None:
    """A refused change is RJ with its reason. A cancellation is told line by line (ID). A replacement is told as the
    order now stands; one that the ERP has not confirmed yet is told by the order's own 855.
    """
    orders = [change.order for change in changes]
    refused = [change.reason for change in changes if change.status == "refused"]
    ack: OrderAcknowledgment
    if len(refused) == len(changes):
        ack = replace(acknowledgment_of(orders, source=document), lines=(), ack_type=code_of("rejected", "none"))
        return write_855(replace(ack, purpose=PURPOSE_CODES[changes[0].purpose], reason=refused[0]), release=release)
    cancels = changes[0].purpose == "cancellation"
    if not cancels and not all(is_decided(order.status, alone=False) for order in orders):
        return None
    ack = acknowledgment_of(orders, source=document)
    code = code_of("mixed", "all") if cancels else ack.ack_type
    ack = replace(ack, purpose=PURPOSE_CODES[changes[0].purpose], ack_type=code, reason=refused[0] if refused else "")
    return write_855(ack, release=release)
