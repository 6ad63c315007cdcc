"""One interchange whose sets come one by one: they are recorded in batches, and judged when the last one is there."""

from __future__ import annotations

import json
import uuid

from django.db import transaction

from distportal.canonical.base import to_json
from distportal.events.errors import RetryLater
from edi.choices import InterchangeState
from edi.models import Document, FunctionalGroup, Interchange, TradingPartner
from edi.process.agreement import judge_set
from edi.process.answers import answer_interchange
from edi.process.batch_policy import judged_set
from edi.process.recording import document_of, group_of
from edi.process.streamed_groups import judge_streamed_group, streamed_refusal
from edi.process.troubles import tell_refused_interchange
from edi.x12 import structure

BATCH = 500
"""Sets that are recorded in one transaction."""


class StreamedInterchange:
    """Records what comes; `has_written` says that at least one batch of this reading is safe."""

    def __init__(self, row: Interchange) -> None:
        if row.partner is None:
            raise ValueError(f"{row} is being read and has no partner")
        self.has_written = False
        self._row, self._partner, self._read_to = row, row.partner, row.read_to
        self._groups: list[tuple[FunctionalGroup, structure.Group]] = []
        self._recorded_groups = 0
        self._batch: list[Document] = []
        self._reached = row.read_to

    def begin_group(self, group: structure.Group) -> None:
        """Sets of this group follow."""
        row = group_of(self._row, group)
        # Known by its place, so that a group that is met again after a crash is the same one.
        row.pk = uuid.uuid5(self._row.pk, str(len(self._groups)))
        self._groups.append((row, group))

    def add_set(self, tset: structure.TransactionSet) -> None:
        """The set is judged, and recorded with its batch."""
        if tset.offset < self._read_to:
            return
        row, group = self._groups[-1]
        judge_set(tset, group, self._partner)
        verdict = judged_set(tset, self._partner)
        document = document_of(row, tset, verdict, group, self._partner)
        if verdict.verdict != "A" or verdict.implementation:
            document.verdict = json.dumps(to_json(verdict))  # text, because JSON columns refuse a NUL
        self._batch.append(document)
        self._reached = tset.offset + 1
        if len(self._batch) >= BATCH:
            self._write()

    def finish(self, found: structure.Interchange) -> None:
        """The last set was there: every group is judged and answered, and its documents are on their way."""
        self._write()
        _finish(self._row, self._partner, self._groups, found)

    def _write(self) -> None:
        groups = [row for row, _ in self._groups[self._recorded_groups :]]
        _record(self._row, groups, self._batch, read_from=self._read_to, read_to=self._reached)
        self._recorded_groups = len(self._groups)
        self._batch, self._read_to = [], self._reached
        self.has_written = True


@transaction.atomic
def _record(
    row: Interchange, groups: list[FunctionalGroup], batch: list[Document], *, read_from: int, read_to: int
) -> None:
    """The batch, and that the interchange is read so far. Raises RetryLater when another reader was quicker."""
    mine = Interchange.objects.filter(pk=row.pk, state=InterchangeState.READING, read_to=read_from)
    if not mine.update(read_to=read_to):
        raise RetryLater("another worker reads this file", after=5.0, counts=False)
    FunctionalGroup.objects.bulk_create(groups, ignore_conflicts=True)
    Document.objects.bulk_create(batch)


@transaction.atomic
def _finish(
    row: Interchange,
    partner: TradingPartner,
    groups: list[tuple[FunctionalGroup, structure.Group]],
    found: structure.Interchange,
) -> None:
    TradingPartner.objects.select_for_update(no_key=True).only("pk").get(pk=partner.pk)
    mine = Interchange.objects.filter(pk=row.pk, state=InterchangeState.READING)
    if not mine.update(state=InterchangeState.ACCEPTED):
        return
    if refusal := streamed_refusal(row=row, partner=partner):
        found.findings.append(refusal)
        Interchange.objects.filter(pk=row.pk).update(
            state=InterchangeState.REJECTED, notes=[*row.notes, refusal.text[:400]]
        )
        answer_interchange(partner=partner, row=row, found=found)
        tell_refused_interchange(partner=partner, row=row, found=found)
        return
    for group_row, group in groups:
        judge_streamed_group(row=group_row, group=group, partner=partner)
