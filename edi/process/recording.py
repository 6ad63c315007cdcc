"""Write one arrival down: what it is, what it holds, what it is answered and what follows, all or nothing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from distportal.common.bulk import insert_rows
from distportal.events.clock import database_now
from distportal.observability.correlation import correlation_id
from edi.choices import Direction, DocumentState, InterchangeState
from edi.models import Document, FunctionalGroup, InboundFile, Interchange, TradingPartner
from edi.process.answers import answer_group, answer_interchange, repeat_answers
from edi.process.arrivals import Arrival
from edi.process.batches import queue_documents
from edi.process.settling import settle_ta1
from edi.process.storable import storable, stored_segments
from edi.process.taking import SETTLERS, settle_document
from edi.process.troubles import end_unknown, tell_refused_group, tell_refused_interchange, tell_unknown
from edi.queries.agreements import duplicate_window_days
from edi.queries.interchanges import uses_of_number
from edi.x12 import structure
from edi.x12.acks import group_verdict
from edi.x12.verdicts import SetVerdict


@transaction.atomic
def record_arrival(*, file: InboundFile, arrival: Arrival) -> None:
    """The interchange at its place in the file is recorded once; one whose sender was unknown is taken up again.

    Locks the file, then the partner: of the same interchange in twenty files at once one is new, the others repeats.
    """
    InboundFile.objects.select_for_update(no_key=True).only("pk").get(pk=file.pk)
    known = Interchange.objects.filter(file=file, file_offset=arrival.found.offset).first()
    if known and known.partner_id:
        return
    row = _row(known or Interchange(direction=Direction.IN, file=file), arrival)
    if arrival.partner is None:
        row.state = InterchangeState.REJECTED
        row.save()
        tell_unknown(file=file, row=row, arrival=arrival)
        return
    TradingPartner.objects.select_for_update(no_key=True).only("pk").get(pk=arrival.partner.pk)
    if known:
        end_unknown(file=file, arrival=arrival)
    _take(row, arrival, arrival.partner)


def _row(row: Interchange, arrival: Arrival) -> Interchange:
    found = arrival.found
    row.partner = arrival.partner
    row.control_number = storable(found.control_number, 9)
    row.usage = storable(found.usage, 1)
    row.sender, row.receiver = storable(found.sender, 20), storable(found.receiver, 20)
    row.file_offset, row.content_hash = found.offset, arrival.digest
    row.notes = [storable(text, 400) for text in (*found.notes, *(f.text for f in found.findings))]
    row.correlation_id = correlation_id()
    return row


def _take(row: Interchange, arrival: Arrival, partner: TradingPartner) -> None:
    found = arrival.found
    if not found.rejected:
        since = database_now() - dt.timedelta(days=duplicate_window_days(partner))
        uses = uses_of_number(partner=partner, control_number=row.control_number, usage=row.usage)
        earlier = uses.filter(created_at__gte=since).first()
        if earlier and earlier.content_hash == row.content_hash:
            _repeat(row, earlier)
            return
        if earlier:
            text = f"ISA13 {row.control_number} was used on {earlier.created_at:%Y-%m-%d %H:%M} for other content"
            found.findings.append(structure.Finding("interchange", "025", text))
            row.notes = [*row.notes, text]
        # A number that came round again after the window: the link keeps both rows apart in the unique constraint.
        row.repeat_of = earlier or uses.first()
    taken = InterchangeState.READING if arrival.streamed else InterchangeState.ACCEPTED
    row.state = InterchangeState.REJECTED if found.rejected else taken
    row.save()
    answer_interchange(partner=partner, row=row, found=found)
    if found.rejected:
        tell_refused_interchange(partner=partner, row=row, found=found)
        return
    for ta1 in found.ta1s:
        settle_ta1(partner=partner, ta1=ta1, received_in=row)
    if arrival.streamed:
        return  # its groups are judged when its last set has come
    for group, verdicts in zip(found.groups, arrival.verdicts, strict=True):
        _record_group(row, group, verdicts, partner)


def _repeat(row: Interchange, earlier: Interchange) -> None:
    row.state, row.repeat_of = InterchangeState.REPEATED, earlier
    row.save()
    repeat_answers([earlier.pk])


def _record_group(
    interchange: Interchange, group: structure.Group, verdicts: list[SetVerdict], partner: TradingPartner
) -> None:
    row = group_of(interchange, group)
    row.verdict = group_verdict(group, verdicts).verdict
    row.save()
    documents = [
        document_of(row, tset, verdicts[at] if verdicts else None, group, partner) for at, tset in enumerate(group.sets)
    ]
    insert_rows(documents)
    answer_group(partner=partner, row=row, group=group, verdicts=verdicts)
    refused = [document for document in documents if document.state == DocumentState.INVALID]
    if refused or group.rejected:
        tell_refused_group(partner=partner, row=row, group=group, refused=refused, verdicts=verdicts)
    valid = [document for document in documents if document.state != DocumentState.INVALID]
    for document in valid:
        if document.set_id in SETTLERS:
            settle_document(partner=partner, document=document)
    queue_documents(valid)


def group_of(interchange: Interchange, group: structure.Group) -> FunctionalGroup:
    """The row of a group, not saved, without a verdict."""
    return FunctionalGroup(
        interchange=interchange,
        functional_id=storable(group.functional_id, 2),
        control_number=storable(group.control_number, 9),
        release=storable(group.version, 12),
    )


def refusals(group: structure.Group) -> list[str]:
    """What is said of each document of a refused group."""
    return [storable(f"The group was refused: {f.text}.", 500) for f in group.findings]


def document_of(
    row: FunctionalGroup,
    tset: structure.TransactionSet,
    verdict: SetVerdict | None,
    group: structure.Group,
    partner: TradingPartner,
) -> Document:
    """The row of a set, not saved; without a verdict its group was refused."""
    told = verdict.sentences if verdict else refusals(group)
    accepted = verdict is not None and verdict.accepted
    return Document(
        partner=partner,
        direction=Direction.IN,
        set_id=storable(tset.st01, 3),
        group=row,
        control_number=storable(tset.st02, 9),
        position=tset.position,
        state=DocumentState.VALID if accepted else DocumentState.INVALID,
        segments=stored_segments(tset.segments),
        findings=[storable(text, 500) for text in told],
        correlation_id=correlation_id(),
    )
