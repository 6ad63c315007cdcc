"""Read a stored file: every interchange in it by itself, so that a bad one harms no other."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction

from distportal.observability.correlation import correlated
from edi.choices import InboundState
from edi.errors import NothingToDo
from edi.models import InboundFile, Interchange, TradingPartner
from edi.process.agreement import judge_contents, judge_identity
from edi.process.answers import repeat_answers
from edi.process.arrivals import Arrival
from edi.process.batch_policy import apply_policies, judged_set
from edi.process.mailboxes import queue_reading
from edi.process.recording import record_arrival
from edi.process.siblings import do_for_each
from edi.process.storable import storable
from edi.process.troubles import tell_unreadable
from edi.queries.documents import partner_by_ids
from edi.queries.interchanges import files_of_sender, first_unreadable, interchanges_in
from edi.x12.envelope import read_interchange
from edi.x12.errors import NoInterchange
from edi.x12.structure import Interchange as Found
from edi.x12.tokens import RawInterchange, split_interchanges


def read_file(*, file_id: UUID) -> None:
    """Every interchange of the file is recorded, answered and on its way; read twice it is read once.

    Raises what stopped an interchange, after the others were read: the next try takes up only what is missing.
    """
    file = InboundFile.objects.select_related("mailbox__partner__account").get(pk=file_id)
    if file.state != InboundState.STORED:
        return
    content = bytes(file.content)
    with correlated(file.correlation_id):
        try:
            raws = split_interchanges(content)
        except NoInterchange as error:
            refuse_file(file, str(error))
            return

        def take(raw: RawInterchange) -> None:
            found = read_interchange(raw)
            record_arrival(file=file, arrival=judged(found, file, content[raw.offset : raw.end]))

        do_for_each(raws, take, file=file.name)
        finish_file(file)


@transaction.atomic
def resend_answers(*, file_id: UUID) -> int:
    """How many stored 997s and TA1s of a file that was dropped again go out once more, byte for byte."""
    return repeat_answers(list(interchanges_in(file_id).values_list("pk", flat=True)))


@transaction.atomic
def read_again(*, mailbox_id: int, sender: str) -> int:
    """How many files of a sender who was unknown are read again, now that a partner was set up. Raises NothingToDo."""
    files = list(files_of_sender(mailbox_id=mailbox_id, sender=sender))
    if not files:
        raise NothingToDo(f"no file of {sender} waits for a partner; nothing was done")
    for file in files:
        InboundFile.objects.filter(pk=file.pk).update(state=InboundState.STORED)
        queue_reading(file)
    return len(files)


@transaction.atomic
def read_refused_again(*, file_id: UUID) -> None:
    """A refused file is read once more. Raises NothingToDo for any other."""
    refused = InboundFile.objects.filter(pk=file_id, state=InboundState.REFUSED, erased_at=None)
    if not refused.update(state=InboundState.STORED):
        raise NothingToDo("the file is not refused any more, or its bytes were erased; nothing was done")
    queue_reading(InboundFile.objects.defer("content").get(pk=file_id))


def judged(found: Found, file: InboundFile, content: bytes) -> Arrival:
    """Everything that can be said of an interchange before its partner's rows are locked."""
    partner, digest = partner_of(found), hashlib.sha256(content).hexdigest()
    if partner is None or partner.pk != file.mailbox.partner_id:
        return Arrival(found=found, digest=digest, claimed=partner)
    judge_identity(found, partner)
    judge_contents(found, partner)
    arrival = Arrival(found=found, digest=digest, partner=partner)
    if not found.rejected:
        arrival.verdicts = [
            [] if group.rejected else [judged_set(tset, partner) for tset in group.sets] for group in found.groups
        ]
        apply_policies(arrival, partner)
    return arrival


def partner_of(found: Found) -> TradingPartner | None:
    """Whom the interchange names as its sender, by what was agreed with us or with another identity of ours."""
    ours = {"our_qualifier": storable(found.receiver_qualifier, 20), "our_id": storable(found.receiver, 20)}
    theirs = {"their_qualifier": storable(found.sender_qualifier, 20), "their_id": storable(found.sender, 20)}
    return partner_by_ids(**theirs, **ours) or partner_by_ids(**theirs)


@transaction.atomic
def refuse_file(file: InboundFile, problem: str) -> None:
    """Nothing in the file can be read; one case says why."""
    InboundFile.objects.filter(pk=file.pk).update(state=InboundState.REFUSED, problem=problem[:400])
    tell_unreadable(file, first_unreadable(file), problem)


@transaction.atomic
def finish_file(file: InboundFile) -> None:
    """All that the file holds is recorded."""
    unknown = Interchange.objects.filter(file=file, partner=None).count()
    problem = f"{unknown} interchanges of unknown senders wait for a partner" if unknown else ""
    unread = InboundFile.objects.filter(pk=file.pk, state__in=InboundState.UNREAD)
    unread.update(state=InboundState.READ, problem=problem)
