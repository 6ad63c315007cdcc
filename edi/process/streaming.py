"""Read a spooled file of any size in flat memory, a while at a time, and go on where a process died.

A first pass judges every envelope and keeps no set: what is refused, repeated or of nobody is recorded as in any file.
A second pass records the sets of the others in batches, each with how far it got. Only when the last set of an
interchange is recorded are its groups judged and answered, and only then does anything follow from its documents.
"""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from django.conf import settings

from distportal.events.errors import GiveUp, RetryLater
from distportal.observability.correlation import correlated
from edi.choices import InboundState, InterchangeState
from edi.errors import BytesLost
from edi.models import InboundFile, Interchange
from edi.process.agreement import judge_contents, judge_identity
from edi.process.arrivals import Arrival
from edi.process.file_bytes import check_bytes, digest_of, opened
from edi.process.inbound import finish_file, partner_of, refuse_file
from edi.process.mailboxes import queue_reading
from edi.process.recording import record_arrival
from edi.process.siblings import do_for_each
from edi.process.streamed import StreamedInterchange
from edi.x12 import structure
from edi.x12.errors import NoInterchange
from edi.x12.source import Source
from edi.x12.stream import (
    Event,
    GroupBegun,
    InterchangeBegun,
    InterchangeEnded,
    SetRead,
    stream_interchanges,
    survey,
)

log = structlog.get_logger(__name__)

SLICE, LONGEST_SLICE = 0.4, 0.7
"""Shares of a job's lease after which the rest is left to its next run."""


class _Slice:
    """The time of one run. To find the place again costs time, too: as much is spent on reading on, unless the lease
    comes to its end.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._found_at: float | None = None

    def is_over(self) -> bool:
        """Asked from the first batch on that this run has recorded."""
        now = time.monotonic()
        self._found_at = self._found_at or now
        spent, lease = now - self._began, settings.JOB_LEASE_SECONDS
        searched = self._found_at - self._began
        return spent > SLICE * lease and (spent > 2 * searched or spent > LONGEST_SLICE * lease)


def read_huge_file(*, file_id: UUID) -> None:
    """More of the file is read; a job for the rest waits unless it was all. Read by two at once it is read once.

    Raises GiveUp when its bytes are gone, and what stopped an interchange after its siblings were read.
    """
    time_left = _Slice()
    file = InboundFile.objects.select_related("mailbox__partner__account").get(pk=file_id)
    if file.state not in (InboundState.STORED, InboundState.READING):
        return
    with correlated(file.correlation_id):
        try:
            with opened(file) as source:
                if file.state == InboundState.STORED and not _survey(file, source):
                    return
                whole = _read_on(file, source, time_left)
        except BytesLost as error:
            raise GiveUp(error.message) from error
        if whole:
            finish_file(file)
        else:
            queue_reading(file)


def _survey(file: InboundFile, source: Source) -> bool:
    """Whether there is something to read; every interchange has its row then."""
    check_bytes(source, file)
    try:
        interchanges = survey(source)
    except NoInterchange as error:
        refuse_file(file, str(error))
        return False

    def take(found: structure.Interchange) -> None:
        record_arrival(file=file, arrival=_arrival(found, file, source))

    do_for_each(interchanges, take, file=file.name)
    InboundFile.objects.filter(pk=file.pk, state=InboundState.STORED).update(state=InboundState.READING)
    return True


def _arrival(found: structure.Interchange, file: InboundFile, source: Source) -> Arrival:
    digest, partner = digest_of(source, found.offset, found.end), partner_of(found)
    if partner is None or partner.pk != file.mailbox.partner_id:
        return Arrival(found=found, digest=digest, claimed=partner, streamed=True)
    judge_identity(found, partner)
    judge_contents(found, partner)
    return Arrival(found=found, digest=digest, partner=partner, streamed=True)


def _read_on(file: InboundFile, source: Source, time_left: _Slice) -> bool:
    """Whether every interchange is read to its end; False when the time is over before."""
    rows = Interchange.objects.filter(file=file, state=InterchangeState.READING).select_related("partner__account")
    waiting = {row.file_offset: row for row in rows}
    if not waiting:
        return True
    failure: Exception | None = None
    one: StreamedInterchange | None = None
    for event in stream_interchanges(source, resume_at=min(max(o, r.read_to) for o, r in waiting.items())):
        try:
            one = _one_event(event, one, waiting)
        except RetryLater:
            raise
        except Exception as error:  # one interchange must not stop its siblings; raised again below
            log.exception("edi.interchange_failed", file=file.name)
            failure, one = failure or error, None
        if one is not None and one.has_written and time_left.is_over():
            return False
    if failure:
        raise failure
    return True


def _one_event(
    event: Event, one: StreamedInterchange | None, waiting: dict[int, Interchange]
) -> StreamedInterchange | None:
    """The interchange being read after the event; None outside of those that are to be read."""
    if isinstance(event, InterchangeBegun):
        row = waiting.get(event.interchange.offset)
        return StreamedInterchange(row) if row else None
    if one is None:
        return None
    if isinstance(event, GroupBegun):
        one.begin_group(event.group)
    elif isinstance(event, SetRead):
        one.add_set(event.tset)
    elif isinstance(event, InterchangeEnded):
        one.finish(event.interchange)
        return None
    return one
