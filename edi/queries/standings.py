"""How documents and files that were given up stand now, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from edi.choices import Delivery, DocumentState, InterchangeState
from edi.models import Document, OutboundFile
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.registry import REDELIVER, REPROCESS, Standing

_GONE = Standing(state="gone", told="it is not kept any more; close its case with a reason")
_AGAIN = "it is tried again already"
_WAITING = (DocumentState.VALID, DocumentState.FAILED)


def documents_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of documents that came and could not be followed."""
    rows = {
        str(row.pk): row
        for row in Document.objects.filter(pk__in=[case.subject_id for case in cases])
        .select_related("group__interchange", "order")
        .defer("segments")
    }
    return {case.pk: _of_document(case, rows.get(case.subject_id)) for case in cases}


def _of_document(case: Case, row: Document | None) -> Standing:
    if row is None:
        return _GONE
    what = f"{row.set_id} {row.control_number}"
    if row.state not in _WAITING:
        became = f" ({row.order})" if row.order else ""
        return Standing(state="over", told=f"it is done{became}; nothing is made twice", what=what, error=case.sentence)
    refusals = {REDELIVER: "it came to us: there is nothing to hand over, re-process it"}
    if row.group and row.group.interchange.state == InterchangeState.READING:
        refusals[REPROCESS] = "the file it came in is still being read; look again in a moment"
    return Standing(
        state=_state(case), told=_told(case), what=what, attempts=case.occurrences, error=case.sentence,
        refusals=refusals,
    )  # fmt: skip


def files_of(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """By case, of files that a partner did not take."""
    found = OutboundFile.objects.filter(pk__in=[case.subject_id for case in cases]).defer("content")
    rows = {str(row.pk): row for row in found}
    return {case.pk: _of_file(case, rows.get(case.subject_id)) for case in cases}


def _of_file(case: Case, row: OutboundFile | None) -> Standing:
    if row is None:
        return _GONE
    if row.delivery == Delivery.DELIVERED:
        return Standing(state="over", told="the partner has it", what=row.name, error=case.sentence)
    if row.delivery == Delivery.WAITING:
        return Standing(state="under_way", told="it waits to be sent already", what=row.name, error=case.sentence)
    refusals = {REPROCESS: "its bytes were written once and stay so: only the same can be sent again"}
    return Standing(
        state=_state(case), told=_told(case), what=row.name, attempts=row.times_sent, error=case.sentence,
        refusals=refusals,
    )  # fmt: skip


def _state(case: Case) -> str:
    return "under_way" if case.status == CaseStatus.RESUBMITTED else "dead"


def _told(case: Case) -> str:
    return _AGAIN if case.status == CaseStatus.RESUBMITTED else ""
