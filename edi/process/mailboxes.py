"""Take what partners dropped: stored and committed first, moved away after."""

from __future__ import annotations

import io
import uuid
from itertools import islice
from typing import IO

import structlog
from django.conf import settings
from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from edi.choices import InboundState
from edi.models import InboundFile, Mailbox
from edi.process.jobs import READ_HUGE_JOB, READ_JOB, RESEND_JOB
from edi.queries.cases import has_open_case
from edi.transports.folder import FolderMailbox
from edi.transports.spool import Kept, keep
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases

log = structlog.get_logger(__name__)

BATCH = 500
"""Files taken from one mailbox at a time, so that a full one does not keep the others waiting."""


def poll_mailboxes() -> int:
    """How many files were taken from all active mailboxes; one that cannot be read has one case and stops no other."""
    taken = 0
    for mailbox in Mailbox.objects.filter(active=True).select_related("partner__account").order_by("pk"):
        try:
            taken += _empty(mailbox)
        except OSError as error:
            _report(mailbox, error)
        else:
            _settle(mailbox)
        Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=database_now())
    return taken


def folder_of(mailbox: Mailbox) -> FolderMailbox:
    """Where the mailbox's folders are. Raises NotADirectoryError for a path that leads out of EDI_ROOT."""
    path = (settings.EDI_ROOT / mailbox.path).resolve()
    if not path.is_relative_to(settings.EDI_ROOT.resolve()):
        raise NotADirectoryError(f"the mailbox path {mailbox.path!r} leads out of EDI_ROOT")
    return FolderMailbox(path)


def store_file(*, mailbox: Mailbox, name: str, content: bytes) -> InboundFile:
    """As `store_body`, of bytes that are in memory."""
    return store_body(mailbox=mailbox, name=name, body=io.BytesIO(content))


def store_body(*, mailbox: Mailbox, name: str, body: IO[bytes]) -> InboundFile:
    """The stored file with its job; the body is read to its end in flat memory. Raises OSError.

    The same name and bytes again are the same file: its answers go out once more.
    """
    return _record(mailbox, name[:255], keep(body, spool=settings.EDI_SPOOL))


@transaction.atomic
def _record(mailbox: Mailbox, name: str, kept: Kept) -> InboundFile:
    with correlated(uuid.uuid4()) as story:
        fresh = InboundFile(
            mailbox=mailbox,
            name=name,
            sha256=kept.sha256,
            size=kept.size,
            content=kept.content or b"",
            spooled=kept.content is None,
            correlation_id=story,
        )
        InboundFile.objects.bulk_create([fresh], ignore_conflicts=True)
        row = InboundFile.objects.defer("content").get(mailbox=mailbox, name=name, sha256=kept.sha256)
        if row.pk == fresh.pk:
            queue_reading(row)
        elif row.state == InboundState.READ:
            enqueue_job(RESEND_JOB, key=str(row.pk), payload={"file": str(row.pk)})
    return row


def queue_reading(file: InboundFile) -> None:
    """The file is read after the commit; a spooled one in the lane for what takes long, so that it delays no other."""
    job = READ_HUGE_JOB if file.spooled else READ_JOB
    enqueue_job(job, key=str(file.pk), payload={"file": str(file.pk)})


def _empty(mailbox: Mailbox) -> int:
    folder, taken = folder_of(mailbox), 0
    trouble: OSError | None = None
    for name in islice(folder.waiting(), BATCH):
        try:
            with folder.opened(name) as body:
                if body is None:
                    continue
                row = store_body(mailbox=mailbox, name=_plain(name), body=body)
        except OSError as error:
            trouble = error  # the next file may be readable
            continue
        folder.archive(name, label=row.sha256[:12])
        taken += 1
        log.info("edi.file_taken", mailbox=mailbox.path, file=row.name, size=row.size)
    if trouble:
        raise trouble
    return taken


def _plain(name: str) -> str:
    """A name that the database can hold: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode()


def _report(mailbox: Mailbox, error: OSError) -> None:
    log.warning("edi.mailbox_trouble", mailbox=mailbox.path, error=str(error))
    if has_open_case(subject_type="mailbox", subject_id=str(mailbox.pk)):
        return  # polled every few seconds: counting it up would bury what matters
    open_case(
        kind="edi.mailbox_trouble",
        code="mailbox_trouble",
        subject_type="mailbox",
        subject_id=str(mailbox.pk),
        sentence=f"The mailbox {mailbox.path} of {mailbox.partner} could not be emptied: {error}",
        account=mailbox.partner.account,
        data={"error": str(error)},
    )


def _settle(mailbox: Mailbox) -> None:
    resolve_cases(
        subject_type="mailbox",
        subject_id=str(mailbox.pk),
        resolution=Resolution.BY_EVENT,
        reason="the mailbox was emptied",
    )
