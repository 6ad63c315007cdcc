"""Build what leaves: document, group, interchange, bytes and the job that delivers them, all or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlation_id
from edi.choices import Ack, AckState, Direction, DocumentState
from edi.documents.registry import functional_id_of
from edi.documents.their_words import in_their_words
from edi.errors import Unsendable
from edi.models import Document, FunctionalGroup, Interchange, OutboundFile, TradingPartner
from edi.process.control_numbers import hold_numbers, next_control_number
from edi.process.jobs import DELIVER_JOB
from edi.process.translation import words_of
from edi.queries.agreements import ack_wanted, written_release
from edi.queries.documents import TA1, sent_document
from edi.x12.envelope import read_interchange
from edi.x12.tokens import Delimiters, Elements, split_interchanges
from edi.x12.validate import validate_set
from edi.x12.writer import OutEnvelope, OutSet, render_interchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One set to send; `business_key` names the fact it tells, so that it is told once. `version` is GS08, `usage`
    ISA15; without them what was agreed holds.
    """

    set_id: str
    business_key: str
    body: list[Elements]
    version: str = ""
    usage: str = ""
    order_id: UUID | None = None
    shipment_id: UUID | None = None
    invoice_id: UUID | None = None


@transaction.atomic
def send_set(*, partner: TradingPartner, outgoing: Outgoing) -> Document:
    """The document of this fact, built and queued now or found as it was. Raises Unsendable for one that our own maps
    refuse.
    """
    hold_numbers(partner=partner)
    known = sent_document(set_id=outgoing.set_id, business_key=outgoing.business_key)
    if known:
        return known
    number = next_control_number(partner=partner, counter="ISA")
    group_number = next_control_number(partner=partner, counter="GS")
    set_number = f"{next_control_number(partner=partner, counter='ST'):04d}"
    out = OutSet(outgoing.set_id, set_number, in_their_words(outgoing.body, words_of(partner, outgoing.set_id)))
    functional_id, usage = functional_id_of(outgoing.set_id), outgoing.usage or partner.usage
    version = outgoing.version or written_release(partner, outgoing.set_id)
    envelope = _envelope(partner, number, group_number, functional_id, version, usage)
    content = render_interchange(envelope, [out])
    _check(content, outgoing)
    interchange = _store(partner, number, outgoing.set_id, content, usage)
    group = FunctionalGroup.objects.create(
        interchange=interchange,
        functional_id=functional_id,
        control_number=str(group_number),
        release=envelope.version,
        ack_state=_expected(partner, outgoing.set_id),
    )
    return Document.objects.create(
        partner=partner,
        direction=Direction.OUT,
        set_id=outgoing.set_id,
        group=group,
        control_number=set_number,
        business_key=outgoing.business_key,
        state=DocumentState.BUILT,
        ack_state=group.ack_state,
        segments=_segments(content, envelopes=2),
        order_id=outgoing.order_id,
        shipment_id=outgoing.shipment_id,
        invoice_id=outgoing.invoice_id,
        correlation_id=correlation_id(),
    )


@transaction.atomic
def send_ta1(*, partner: TradingPartner, business_key: str, ta1: Elements, version: str, usage: str) -> Document:
    """The interchange acknowledgment, alone in its interchange; its control number is that interchange's ISA13.

    `version` is the release that ISA12 stands for, `usage` ISA15: those of what it answers.
    """
    hold_numbers(partner=partner)
    known = sent_document(set_id=TA1, business_key=business_key)
    if known:
        return known
    number = next_control_number(partner=partner, counter="ISA")
    content = render_interchange(_envelope(partner, number, 1, "", version, usage), [], ta1s=[ta1])
    interchange = _store(partner, number, TA1, content, usage)
    return Document.objects.create(
        partner=partner,
        direction=Direction.OUT,
        set_id=TA1,
        control_number=interchange.control_number,
        business_key=business_key,
        state=DocumentState.BUILT,
        segments=_segments(content, envelopes=1),
        correlation_id=correlation_id(),
    )


def _expected(partner: TradingPartner, set_id: str) -> AckState:
    """Acknowledgments are never acknowledged; whether others are was agreed."""
    awaited = functional_id_of(set_id) != "FA" and ack_wanted(partner, set_id) != Ack.NONE
    return AckState.EXPECTED if awaited else AckState.NONE


def queue_delivery(partner: TradingPartner) -> None:
    """What waits for the partner is brought to its mailbox after the commit."""
    enqueue_job(DELIVER_JOB, key=partner.code, payload={"partner": partner.code}, share=partner.code)


def _envelope(
    partner: TradingPartner, number: int, group_number: int, functional_id: str, version: str, usage: str
) -> OutEnvelope:
    return OutEnvelope(
        sender_qualifier=partner.our_qualifier,
        sender=partner.our_id,
        receiver_qualifier=partner.their_qualifier,
        receiver=partner.their_id,
        control_number=number,
        group_sender=partner.our_group_id or partner.our_id,
        group_receiver=partner.their_group_id or partner.their_id,
        group_control_number=group_number,
        functional_id=functional_id,
        version=version,
        at=timezone.localtime(database_now()),
        usage=usage,
        delimiters=Delimiters(partner.element_separator, partner.component_separator, partner.segment_terminator),
    )


def _check(content: bytes, outgoing: Outgoing) -> None:
    """Our own maps judge it before the partner's do."""
    found = read_interchange(split_interchanges(content)[0])
    sets = [tset for group in found.groups for tset in group.sets]
    told = [f.text for f in found.findings] + [s for tset in sets for s in validate_set(tset).sentences]
    if told or len(sets) != 1:
        raise Unsendable(
            f"The {outgoing.set_id} was not sent, its numbers are free again: {' '.join(told)[:600]} "
            "Correct what it is made of, then let it be built again.",
            key=outgoing.business_key,
        )


def _segments(content: bytes, *, envelopes: int) -> list[Elements]:
    """What stands inside ISA (1) or inside ISA and GS (2), as it is really sent."""
    rows = [segment.elements for segment in split_interchanges(content)[0].segments]
    return rows[envelopes:-envelopes]


def _store(partner: TradingPartner, number: int, what: str, content: bytes, usage: str) -> Interchange:
    digest = hashlib.sha256(content).hexdigest()
    interchange = Interchange.objects.create(
        partner=partner,
        direction=Direction.OUT,
        control_number=f"{number:09d}",
        usage=usage,
        sender=partner.our_id,
        receiver=partner.their_id,
        content_hash=digest,
        correlation_id=correlation_id(),
    )
    OutboundFile.objects.create(
        partner=partner,
        interchange=interchange,
        sequence=number,
        name=f"{partner.code.lower()}_{number:09d}_{what}.edi",
        content=content,
        sha256=digest,
        correlation_id=correlation_id(),
    )
    queue_delivery(partner)
    return interchange
