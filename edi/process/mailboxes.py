"""Take what partners dropped: stored and committed first, moved away after."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

import structlog
from django.conf import settings
from django.db import transaction

from distportal.common.network_words import network_words
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.pressure import polls_stretch, takes_orders
from distportal.observability.correlation import correlated
from distportal.observability.spans import span
from distportal.systems.sftp.base import CHUNK, FileTrouble, TransportError
from edi.choices import Direction, InboundState, TransportKind
from edi.models import InboundFile, Mailbox
from edi.process.jobs import POLL_ONE_JOB, READ_HUGE_JOB, READ_JOB, RESEND_JOB
from edi.process.links import held, note_failure, note_success, wait_left
from edi.process.sightings import Ready, forget, look_over, note_incomplete, note_taken, plain
from edi.transports.base import Transport
from edi.transports.folder import FolderMailbox
from edi.transports.partials import partial
from edi.transports.registry import KINDS, opened, options_of, poll_seconds
from edi.transports.spool import Kept, Readable, keep
from edi.x12.completeness import WINDOW, looks_cut_off

log = structlog.get_logger(__name__)

BATCH = 500
"""Files taken from one mailbox at a time, so that a full one does not keep the others waiting."""
MOST_SECONDS = 30.0
"""No further file of a mailbox is begun after that; the next look goes on."""
IN_MEMORY = 1024 * 1024
"""Bytes of a file that are held in memory on their way; more goes through a temporary file."""


def poll_mailboxes() -> int:
    """How many files were taken from folders. Each mailbox on another machine gets a job of its own when it is due, so
    a slow one holds nobody up; one that cannot be read has one case and stops no other.
    """
    taken = 0
    polled = [name for name, kind in KINDS.items() if kind.polled]
    for mailbox in Mailbox.objects.filter(active=True, transport__in=polled).order_by("pk"):
        if not KINDS[mailbox.transport].remote:
            taken += poll_mailbox(mailbox_id=mailbox.pk)
        elif _due(mailbox):
            enqueue_job(POLL_ONE_JOB, key=str(mailbox.pk), payload={"mailbox": mailbox.pk})
    return taken


def poll_mailbox(*, mailbox_id: int) -> int:
    """How many files were taken from the mailbox now; 0 while another worker is at it, and while nothing can be stored
    safely: they stay where they are. Its troubles are noted.
    """
    if not takes_orders():
        return 0
    mailbox = Mailbox.objects.select_related("partner__account").get(pk=mailbox_id)
    with held(mailbox, Direction.IN) as mine:
        if not mine or not mailbox.active:
            return 0
        taken = 0
        try:
            with opened(mailbox) as transport:
                taken = _empty(mailbox, transport)
        except TransportError as error:
            note_failure(mailbox=mailbox, direction=Direction.IN, error=error)
        else:
            note_success(mailbox=mailbox, direction=Direction.IN)
        Mailbox.objects.filter(pk=mailbox.pk).update(polled_at=database_now())
    return taken


def folder_of(mailbox: Mailbox) -> FolderMailbox:
    """Where the mailbox's folders are. Raises TransportError for a path that leads out of EDI_ROOT."""
    found = KINDS[TransportKind.FOLDER].open(mailbox, None)
    assert isinstance(found, FolderMailbox)  # noqa: S101 - the table says so
    return found


def store_file(*, mailbox: Mailbox, name: str, content: bytes) -> InboundFile:
    """As `store_body`, of bytes that are in memory."""
    return store_body(mailbox=mailbox, name=name, body=io.BytesIO(content))


def store_body(*, mailbox: Mailbox, name: str, body: Readable) -> InboundFile:
    """The stored file with its job; the body is read to its end in flat memory. Raises OSError.

    The same name and bytes again are the same file: its answers go out once more.
    """
    return _record(mailbox, name[:255], keep(body, spool=settings.EDI_SPOOL))


@transaction.atomic
def _record(mailbox: Mailbox, name: str, kept: Kept) -> InboundFile:
    with correlated(uuid.uuid4()) as story, span("edi.file_taken", begins=True):
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
    """The file is read after the commit; a spooled one in the lane for what takes long, so that it delays no other.
    Mailboxes take turns: ten thousand files of one partner hold up no other partner's.
    """
    job = READ_HUGE_JOB if file.spooled else READ_JOB
    enqueue_job(job, key=str(file.pk), payload={"file": str(file.pk)}, share=f"mailbox {file.mailbox_id}")


def _due(mailbox: Mailbox) -> bool:
    if wait_left(mailbox, Direction.IN):
        return False
    try:
        pause = dt.timedelta(seconds=poll_seconds(mailbox) * polls_stretch())
    except TransportError:
        return True  # the job itself tells what is wrong with the settings
    return mailbox.polled_at is None or mailbox.polled_at + pause <= database_now()


def _empty(mailbox: Mailbox, transport: Transport) -> int:
    taken, began = 0, time.monotonic()
    trouble: FileTrouble | None = None
    keeps = getattr(options_of(mailbox), "after_taking", "move") == "keep"
    for ready in islice(look_over(mailbox=mailbox, found=transport.waiting()), BATCH):
        if ready.taken and keeps:
            continue
        if time.monotonic() - began > MOST_SECONDS:
            break
        try:
            taken += _take(mailbox, transport, ready, keeps=keeps)
        except FileTrouble as error:
            trouble = error  # the next file may be readable
    if trouble:
        raise trouble
    return taken


def _take(mailbox: Mailbox, transport: Transport, ready: Ready, *, keeps: bool) -> bool:
    """Whether the file was taken: stored and committed, then put away. A crash between the two only puts it away."""
    name, digest = ready.waiting.name, ready.sighting.taken_sha256
    if not ready.taken:
        with _body(mailbox, ready) as body:
            if not transport.fetch(name, body):
                return False
            if not _whole(ready, body):
                return False
            digest = _store(mailbox, ready, body, keeps=keeps)
    transport.archive(name, label=digest[:12])
    if not keeps:
        forget(sighting=ready.sighting)
    return True


@contextmanager
def _body(mailbox: Mailbox, ready: Ready) -> Iterator[IO[bytes]]:
    """What a file is fetched into: a big one into what a download that was cut off left of it."""
    one = ready.waiting
    if one.size <= IN_MEMORY:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            yield body
        return
    try:
        with partial(settings.EDI_SPOOL / "partial", key=f"{mailbox.pk}/{one.name}", stamp=one.stamp) as body:
            yield body
    except OSError as error:
        raise TransportError(f"{one.name} cannot be kept: {network_words(error)}") from error


def _whole(ready: Ready, body: IO[bytes]) -> bool:
    size = body.seek(0, 2)
    if size != ready.waiting.size:
        return False  # it grew while it was read: the next look sees another size
    body.seek(0)
    head = body.read(WINDOW)
    body.seek(max(0, size - WINDOW))
    if not ready.sighting.take_anyway and looks_cut_off(head, body.read(WINDOW)):
        note_incomplete(sighting=ready.sighting, idle=ready.waiting.idle)
        return False
    return True


@transaction.atomic
def _store(mailbox: Mailbox, ready: Ready, body: IO[bytes], *, keeps: bool) -> str:
    """Sha-256 of the stored file. Where the server keeps files, bytes that were taken under this name are not again."""
    digest = _digest(body)
    if not (keeps and digest == ready.sighting.taken_sha256):
        body.seek(0)
        row = store_body(mailbox=mailbox, name=plain(ready.waiting.name), body=body)
        # The story begins with the file, not with the look into the mailbox that found it.
        story = str(row.correlation_id)
        log.info("edi.file_taken", mailbox=mailbox.path, file=row.name, size=row.size, correlation_id=story)
    note_taken(sighting=ready.sighting, stamp=ready.waiting.stamp, sha256=digest)
    return digest


def _digest(body: IO[bytes]) -> str:
    body.seek(0)
    found = hashlib.sha256()
    while chunk := body.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()
