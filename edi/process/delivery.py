"""Bring waiting files to a partner's mailbox, in the order of their numbers."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.observability.correlation import correlated
from distportal.systems.sftp.base import TransportError
from edi.choices import Delivery, Direction
from edi.errors import NothingToDo, UnknownDocument, UnknownPartner
from edi.models import Document, Mailbox, OutboundFile
from edi.process.couriers import bring
from edi.process.file_bytes import sent_bytes_of
from edi.process.links import held, note_failure, note_success, wait_left
from edi.process.outbound import queue_delivery
from edi.process.replays import replay_fact
from edi.queries.documents import documents_in, outbound_file_of
from edi.transports.registry import KINDS, opened

log = structlog.get_logger(__name__)

FOLDER_WAIT = 60.0
"""Most seconds between two tries of a folder."""
BATCH = 500
"""Files brought in one go; the next go follows at once."""
MOST_SECONDS = 10.0
"""No further file is begun after that: one may take 45 seconds (a receipt by AS2), and a worker is ended soon after."""


def deliver_files(*, partner_code: str) -> int:
    """How many files were brought. A file that was brought but not marked is brought again with the same bytes.

    Files that the partner collects itself stay. Raises UnknownPartner without an active mailbox, RetryLater while the
    mailbox cannot be brought anything; a person is told once it lasts.
    """
    rows = Mailbox.objects.filter(partner__code=partner_code, active=True).select_related("partner__account")
    mailbox = rows.first()
    if mailbox is None:
        raise UnknownPartner(f"{partner_code} has no active mailbox; its files wait. Give it one, then try again")
    kind = KINDS.get(mailbox.transport)
    if kind is not None and not kind.pushed:
        return 0
    wait = wait_left(mailbox, Direction.OUT) if kind is None or kind.remote else 0
    if wait:
        raise RetryLater(f"{mailbox.path} is left alone for {wait:.0f} s", after=wait, counts=False)
    with held(mailbox, Direction.OUT) as mine:
        if not mine:
            raise RetryLater(f"another worker brings files to {mailbox.path}", after=5, counts=False)
        try:
            brought, more = _bring_all(mailbox)
        except TransportError as error:
            wait = note_failure(mailbox=mailbox, direction=Direction.OUT, error=error)
            # A folder is ours to look at: nobody minds, and whoever mends it sees it work soon.
            after = wait if kind is None or kind.remote else min(wait, FOLDER_WAIT)
            raise RetryLater(str(error), after=after, counts=False) from error
        note_success(mailbox=mailbox, direction=Direction.OUT)
    if more:
        queue_delivery(mailbox.partner)
    return brought


def _bring_all(mailbox: Mailbox) -> tuple[int, bool]:
    """How many files were brought, and whether others may be left for another go."""
    waiting = OutboundFile.objects.filter(partner=mailbox.partner, sent_at=None).order_by("sequence")
    brought, began = 0, time.monotonic()
    file_ids = list(waiting.values_list("pk", flat=True)[:BATCH])
    if not file_ids:
        return 0, False
    with opened(mailbox) as transport:
        for file_id in file_ids:
            if brought and time.monotonic() - began > MOST_SECONDS:
                return brought, True
            file = OutboundFile.objects.get(pk=file_id)
            with correlated(file.correlation_id):
                mark_sent(file_id=file_id, delivery=bring(mailbox, file, transport))
            brought += 1
            log.info("edi.file_sent", partner=mailbox.partner.code, file=file.name)
    return brought, brought == BATCH


@transaction.atomic
def mark_sent(*, file_id: UUID, delivery: Delivery = Delivery.DELIVERED) -> None:
    """The file is sent, and so are its documents if this was the first time; marked twice at once it counts once.

    A receipt that was faster is not undone.
    """
    now = database_now()
    fresh = OutboundFile.objects.filter(pk=file_id, sent_at=None).update(sent_at=now, times_sent=F("times_sent") + 1)
    if fresh:
        delivered_at = now if delivery == Delivery.DELIVERED else None
        rows = OutboundFile.objects.filter(pk=file_id)
        rows.filter(delivery=Delivery.WAITING).update(delivery=delivery, delivered_at=delivered_at)
        documents_in(OutboundFile.objects.defer("content").select_related("interchange").get(pk=file_id)).filter(
            sent_at=None
        ).update(sent_at=now)


@transaction.atomic
def send_again(*, file: OutboundFile) -> None:
    """The same bytes leave once more; a file that still waits, or whose bytes were erased, is left as it is."""
    waiting = {"sent_at": None, "delivery": Delivery.WAITING, "delivered_at": None}
    if OutboundFile.objects.filter(pk=file.pk, erased_at=None).exclude(sent_at=None).update(**waiting):
        queue_delivery(file.partner)


def _resend(file: OutboundFile) -> None:
    """As `send_again`, and that somebody wanted it is a fact. Raises BytesLost where the bytes were erased."""
    sent_bytes_of(file)
    send_again(file=file)
    replay_fact("edi.file_resent", aggregate="outbound_file", pk=file.pk, partner=file.partner, title=file.name)


@transaction.atomic
def resend_document(*, document_id: UUID) -> OutboundFile:
    """The file that carries the document leaves once more, byte for byte. Raises UnknownDocument without one."""
    document = Document.objects.filter(pk=document_id, direction=Direction.OUT).first()
    file = outbound_file_of(document) if document else None
    if document is None or file is None:
        raise UnknownDocument("the document was never put into a file; nothing was sent")
    _resend(file)
    return file


@transaction.atomic
def resend_interchange(*, interchange_id: UUID) -> OutboundFile:
    """The file of the interchange leaves once more, byte for byte. Raises UnknownDocument without one."""
    file = OutboundFile.objects.select_related("partner").filter(interchange_id=interchange_id).first()
    if file is None:
        raise UnknownDocument("the interchange is not one of ours; nothing was sent")
    _resend(file)
    return file


@transaction.atomic
def resend_file(*, file_id: UUID) -> OutboundFile:
    """The file leaves once more, byte for byte. Raises UnknownDocument without one."""
    file = OutboundFile.objects.select_related("partner").filter(pk=file_id).first()
    if file is None:
        raise UnknownDocument("there is no such file; nothing was sent")
    _resend(file)
    return file


@transaction.atomic
def note_collected(*, file_id: UUID) -> OutboundFile:
    """The partner has fetched the file; said twice it counts once. Raises NothingToDo for one that goes another way."""
    file = OutboundFile.objects.select_related("partner__mailbox").defer("content").get(pk=file_id)
    if KINDS[file.partner.mailbox.transport].pushed:
        raise NothingToDo(f"{file.name} goes to the partner by {file.partner.mailbox.transport}; nothing was marked")
    mark_sent(file_id=file_id)
    return file
