"""Which document is which: what was sent for a fact, what travelled in a file, what answers what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from edi.choices import Direction, DocumentState
from edi.models import Document, FunctionalGroup, Interchange, OutboundFile, TradingPartner
from orders.models import Shipment

TA1 = "TA1"
"""Stands as the set of an interchange acknowledgment, which has no ST of its own."""


def sent_document(*, set_id: str, business_key: str) -> Document | None:
    """The document that told this fact, if one did."""
    return Document.objects.filter(direction=Direction.OUT, set_id=set_id, business_key=business_key).first()


def documents_of(interchange: Interchange) -> QuerySet[Document]:
    """What travelled in an interchange; a TA1 is known by its interchange's number.

    The groups of ours are asked for first: with a join in place of their keys PostgreSQL reads every document there is.
    """
    if interchange.direction != Direction.OUT:
        return Document.objects.filter(group__interchange=interchange)
    groups = list(FunctionalGroup.objects.filter(interchange=interchange).values_list("pk", flat=True))
    ta1 = Q(
        partner=interchange.partner_id, direction=Direction.OUT, set_id=TA1, control_number=interchange.control_number
    )
    return Document.objects.filter(Q(group__in=groups) | ta1)


def documents_in(file: OutboundFile) -> QuerySet[Document]:
    """What travels in a file of ours."""
    return documents_of(file.interchange)


def outbound_file_of(document: Document) -> OutboundFile | None:
    """The file that carries a document of ours."""
    files = OutboundFile.objects.filter(partner=document.partner).select_related("partner", "interchange")
    if document.group_id:
        return files.filter(interchange__groups=document.group_id).first()
    return files.filter(interchange__control_number=document.control_number).first()


def answers_to(interchanges: Sequence[UUID]) -> QuerySet[Document]:
    """The 997s, 999s and TA1s that were sent for these inbound interchanges."""
    groups = FunctionalGroup.objects.filter(interchange__in=interchanges).values_list("pk", flat=True)
    keys = [ack_key(pk) for pk in groups] + [ta1_key(pk) for pk in interchanges]
    return Document.objects.filter(direction=Direction.OUT, set_id__in=("997", "999", TA1), business_key__in=keys)


def ack_key(group_id: UUID) -> str:
    """The fact a 997 tells: the verdict over one inbound group."""
    return f"997:{group_id}"


def ta1_key(interchange_id: UUID) -> str:
    """The fact a TA1 tells: the verdict over one inbound interchange."""
    return f"TA1:{interchange_id}"


def partner_by_ids(
    *, their_qualifier: str, their_id: str, our_qualifier: str = "", our_id: str = ""
) -> TradingPartner | None:
    """The active partner of these ISA identities; without ours, any agreement with that sender."""
    rows = TradingPartner.objects.select_related("account").filter(
        active=True, their_qualifier=their_qualifier, their_id=their_id
    )
    if our_id:
        rows = rows.filter(our_qualifier=our_qualifier, our_id=our_id)
    return rows.order_by("pk").first()


def early_reports(shipment: Shipment, *, since: dt.datetime) -> list[UUID]:
    """The failed 214s since then that name the shipment by its carrier's number, bill of lading or our own number."""
    numbers = [one for one in (shipment.tracking_number, shipment.bill_of_lading, shipment.number) if one]
    named = Q(pk__in=[])
    for number in numbers:
        named |= Q(segments__contains=[["B10", number]]) | Q(segments__contains=[["L11", number]])
    rows = Document.objects.filter(
        named, set_id="214", direction=Direction.IN, state=DocumentState.FAILED, created_at__gte=since
    )
    return list(rows.order_by("created_at").values_list("pk", flat=True))
