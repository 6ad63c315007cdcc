"""Bring waiting files to a partner's mailbox, in the order of their numbers."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from edi.choices import Direction
from edi.errors import UnknownDocument, UnknownPartner
from edi.models import Document, Mailbox, OutboundFile
from edi.process.mailboxes import folder_of
from edi.process.outbound import queue_delivery
from edi.queries.documents import documents_in, outbound_file_of

log = structlog.get_logger(__name__)

BATCH = 500
"""Files brought in one go; the next go follows at once."""


def deliver_files(*, partner_code: str) -> int:
    """How many files were brought. A file that was written but not marked is written again with the same bytes.

    Raises UnknownPartner without an active mailbox, RetryLater while the mailbox cannot be written.
    """
    mailbox = Mailbox.objects.filter(partner__code=partner_code, active=True).select_related("partner").first()
    if mailbox is None:
        raise UnknownPartner(f"{partner_code} has no active mailbox; its files wait. Give it one, then try again")
    waiting = OutboundFile.objects.filter(partner=mailbox.partner, sent_at=None).order_by("sequence")
    brought = 0
    for file_id in list(waiting.values_list("pk", flat=True)[:BATCH]):
        row = OutboundFile.objects.get(pk=file_id)
        try:
            folder_of(mailbox).put(row.name, bytes(row.content))
        except OSError as error:
            raise RetryLater(f"the outbox {mailbox.path} cannot be written: {error}") from error
        mark_sent(file_id=file_id)
        brought += 1
        log.info("edi.file_sent", partner=partner_code, file=row.name)
    if brought == BATCH:
        queue_delivery(mailbox.partner)
    return brought


@transaction.atomic
def mark_sent(*, file_id: UUID) -> None:
    """The file is sent, and so are its documents if this was the first time; marked twice at once it counts once."""
    now = database_now()
    fresh = OutboundFile.objects.filter(pk=file_id, sent_at=None).update(sent_at=now, times_sent=F("times_sent") + 1)
    if fresh:
        documents_in(OutboundFile.objects.defer("content").select_related("interchange").get(pk=file_id)).filter(
            sent_at=None
        ).update(sent_at=now)


@transaction.atomic
def send_again(*, file: OutboundFile) -> None:
    """The same bytes leave once more; a file that still waits is left as it is."""
    if OutboundFile.objects.filter(pk=file.pk).exclude(sent_at=None).update(sent_at=None):
        queue_delivery(file.partner)


@transaction.atomic
def resend_document(*, document_id: UUID) -> OutboundFile:
    """The file that carries the document leaves once more, byte for byte. Raises UnknownDocument without one."""
    document = Document.objects.filter(pk=document_id, direction=Direction.OUT).first()
    file = outbound_file_of(document) if document else None
    if document is None or file is None:
        raise UnknownDocument("the document was never put into a file; nothing was sent")
    send_again(file=file)
    return file


@transaction.atomic
def resend_interchange(*, interchange_id: UUID) -> OutboundFile:
    """The file of the interchange leaves once more, byte for byte. Raises UnknownDocument without one."""
    file = OutboundFile.objects.select_related("partner").filter(interchange_id=interchange_id).first()
    if file is None:
        raise UnknownDocument("the interchange is not one of ours; nothing was sent")
    send_again(file=file)
    return file
