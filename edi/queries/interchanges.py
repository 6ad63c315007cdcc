"""Which interchange came before, and which of ours an answer means."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from edi.choices import AckState, Direction, InterchangeState
from edi.models import FunctionalGroup, InboundFile, Interchange, TradingPartner


def uses_of_number(*, partner: TradingPartner, control_number: str, usage: str) -> QuerySet[Interchange]:
    """The interchanges that carried this ISA13 and were accepted, or will be when they are read, newest first. Final
    only under the partner's row lock.
    """
    return Interchange.objects.filter(
        partner=partner,
        direction=Direction.IN,
        control_number=control_number,
        usage=usage,
        state__in=(InterchangeState.ACCEPTED, InterchangeState.READING),
    ).order_by("-created_at")


def first_refusal(interchange: Interchange) -> Interchange:
    """The first refused interchange with these bytes: a bad file that is dropped ten times is one trouble."""
    rows = Interchange.objects.filter(
        partner=interchange.partner,
        direction=Direction.IN,
        content_hash=interchange.content_hash,
        state=InterchangeState.REJECTED,
    )
    return rows.order_by("created_at", "pk").first() or interchange


def first_unreadable(file: InboundFile) -> InboundFile:
    """The first file of the mailbox with these bytes."""
    rows = InboundFile.objects.defer("content").filter(mailbox=file.mailbox_id, sha256=file.sha256)
    return rows.order_by("received_at", "pk").first() or file


def files_of_sender(*, mailbox_id: int, sender: str) -> QuerySet[InboundFile]:
    """The files of a mailbox, as far as they are kept, that hold interchanges of a sender nobody was known as."""
    return (
        InboundFile.objects.defer("content")
        .filter(mailbox_id=mailbox_id, erased_at=None, interchanges__partner=None, interchanges__sender=sender)
        .distinct()
    )


def our_group(*, partner: TradingPartner, functional_id: str, control_number: str) -> FunctionalGroup | None:
    """The group of ours that a 997 of the partner answers; of repeated numbers the newest."""
    rows = FunctionalGroup.objects.filter(
        interchange__partner=partner,
        interchange__direction=Direction.OUT,
        functional_id=functional_id,
        control_number=control_number,
    )
    return rows.select_related("interchange").order_by("-interchange__created_at").first()


def our_interchange(*, partner: TradingPartner, control_number: str) -> Interchange | None:
    """The interchange of ours that a TA1 of the partner answers."""
    rows = Interchange.objects.filter(partner=partner, direction=Direction.OUT, control_number=control_number)
    return rows.order_by("-created_at").first()


def unanswered_since(moment: dt.datetime) -> QuerySet[Interchange]:
    """Live interchanges of ours that were sent before the moment and still wait for a 997, the oldest first; what was
    sent as a test is on its checklist.
    """
    rows = Interchange.objects.filter(
        direction=Direction.OUT, usage="P", groups__ack_state=AckState.EXPECTED, outbound_file__sent_at__lt=moment
    )
    return rows.select_related("partner__account", "outbound_file").order_by("created_at").distinct()[:500]


def interchanges_in(file_id: UUID) -> QuerySet[Interchange]:
    """What a file held, in its order."""
    return Interchange.objects.filter(file_id=file_id).order_by("file_offset")
