"""997, 999 and TA1 by hand: judge a stored interchange once more and answer it, where it was not answered so."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from edi.choices import Ack, InterchangeState
from edi.errors import CannotCompose
from edi.models import Document, FunctionalGroup, InboundFile, Interchange
from edi.process.answers import answer_group, answer_interchange
from edi.process.arrivals import Arrival
from edi.process.file_bytes import part_of
from edi.process.inbound import judged
from edi.queries.documents import TA1, answers_to, sent_document, ta1_key
from edi.x12.envelope import read_interchange
from edi.x12.tokens import split_interchanges

MOST_BYTES = 16 * 1024 * 1024
"""A larger file is answered when it is read; it is not judged again while somebody waits."""


@transaction.atomic
def answer_by_hand(*, interchange_id: UUID, set_id: str) -> list[Document]:
    """The answers of that set to an interchange: those that left, or else what today's code would answer, even where
    none was agreed. Raises CannotCompose where it was answered in another way.
    """
    row = Interchange.objects.select_related("partner", "file__mailbox").get(pk=interchange_id)
    given = list(answers_to([row.pk]).select_related("partner"))
    known = [document for document in given if document.set_id == set_id]
    if known:
        return known
    arrival = _judged_again(row)
    return _ta1(row, arrival) if set_id == TA1 else _acks(row, arrival, set_id, given)


def _judged_again(row: Interchange) -> Arrival:
    file: InboundFile | None = row.file
    if file is None or file.size > MOST_BYTES or row.state == InterchangeState.READING:
        raise CannotCompose(
            "its file is too big to be judged again, or still being read; its answers leave by themselves"
        )
    content = part_of(file, 0, file.size)
    raw = next((raw for raw in split_interchanges(content) if raw.offset == row.file_offset), None)
    if raw is None:
        raise CannotCompose("the interchange is not found in the bytes of its file")
    return judged(read_interchange(raw), file, content[raw.offset : raw.end])


def _ta1(row: Interchange, arrival: Arrival) -> list[Document]:
    if row.partner is None:
        return []
    answer_interchange(partner=row.partner, row=row, found=arrival.found, asked=True)
    found = sent_document(set_id=TA1, business_key=ta1_key(row.pk))
    return [found] if found else []


def _acks(row: Interchange, arrival: Arrival, set_id: str, given: list[Document]) -> list[Document]:
    if any(document.set_id in ("997", "999") for document in given):
        raise CannotCompose("its groups were acknowledged by the other kind, 997 or 999")
    if row.state != InterchangeState.ACCEPTED or arrival.partner is None or arrival.found.rejected:
        raise CannotCompose("the interchange was refused as a whole; a TA1 answers it")
    groups = list(FunctionalGroup.objects.filter(interchange=row).select_related("interchange").order_by("pk"))
    numbered = {(group.functional_id, group.control_number): group for group in groups}
    for group, verdicts in zip(arrival.found.groups, arrival.verdicts, strict=True):
        stored = numbered.get((group.functional_id, group.control_number))
        if stored is not None:
            ack = Ack.FA999 if set_id == "999" else Ack.FA997
            answer_group(partner=arrival.partner, row=stored, group=group, verdicts=verdicts, ack=ack)
    return [document for document in answers_to([row.pk]).select_related("partner") if document.set_id == set_id]
