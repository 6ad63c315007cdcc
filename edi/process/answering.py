"""865, or 855 to an 850 that changes an order: what became of a change, told once when all of it is decided; before
that, where the partner wants to know, that it waits for a person.
"""

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
from edi.process.change_answers import change_acknowledgment, hold_acknowledgment
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
    """The one answer to a document that changes orders; while any of its changes is open None, or, where the partner
    wants to be told, the one that says on hold. None where the partner does not want such answers.
    """
    set_id = "865" if document.set_id == "860" else "855"
    changes = changes_asked_by(document)
    if not changes or not wants(document.partner, set_id):
        return None
    if not all(map(is_settled, changes)):
        return _tell_hold(document, changes, set_id)
    release = release_of(written_release(document.partner, set_id))
    body = _body_865(document, changes, release) if set_id == "865" else _body_855(document, changes, release)
    return None if body is None else _send(document, changes, set_id, body)


def _tell_hold(document: Document, changes: Sequence[ChangeRequest], set_id: str) -> Document | None:
    """AH, once per document however often it is held; what was held is answered in full when it is decided."""
    options, held = order_options(document.partner), [change for change in changes if change.status == "held"]
    if options.tell_held_change == "no" or not held:
        return None
    release = release_of(written_release(document.partner, set_id))
    if set_id == "865":
        ack = hold_acknowledgment(held, lines=options.tell_held_change == "lines")
        return _send(document, held, set_id, write_865(ack, release=release), suffix=":held")
    whole = acknowledgment_of([change.order for change in held], source=document)
    purpose, reason = PURPOSE_CODES[held[0].purpose], held[0].reason
    said = replace(whole, lines=(), ack_type=code_of("held"), purpose=purpose, reason=reason)
    return _send(document, held, set_id, write_855(said, release=release), suffix=":held")


def _send(
    document: Document, changes: Sequence[ChangeRequest], set_id: str, body: list[Elements], *, suffix: str = ""
) -> Document:
    key = f"{set_id}:{document.pk}{suffix}"
    outgoing = Outgoing(set_id=set_id, business_key=key, body=body, order_id=changes[0].order_id)
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
