"""Read a stored document again by today's code: show what would differ first, then do what is still to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from distportal.events.jobs import enqueue_job
from edi.choices import Direction, DocumentState, InterchangeState
from edi.errors import NothingToDo, UnknownDocument
from edi.models import Document
from edi.process.canonical_views import CanonicalView, canonical_view
from edi.process.comparing import readings_of
from edi.process.jobs import TAKE_JOB
from edi.process.replays import replay_fact
from edi.process.storable import set_of
from edi.process.taking import TAKERS
from edi.x12.validate import validate_set
from edi.x12.verdicts import SetVerdict


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that today's code reads otherwise; empty where there was or is none."""

    path: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprocessing:
    """What processing the document again would come to. `refusal` says why it may not be; empty when it may."""

    verdict: SetVerdict
    view: CanonicalView | None
    differences: tuple[Difference, ...]
    compared: bool
    refusal: str


def preview_reprocessing(*, document_id: UUID) -> Reprocessing:
    """Today's verdict and mapping beside what was stored; nothing is written. Raises UnknownDocument."""
    document = _inbound(document_id)
    view = canonical_view(document)
    before, now = readings_of(document, view)
    return Reprocessing(
        verdict=validate_set(set_of(document)),
        view=view,
        differences=tuple(_differences(before, now)),
        compared=before is not None,
        refusal=_refusal(document),
    )


@transaction.atomic
def reprocess_document(*, document_id: UUID) -> Document:
    """The document is taken once more. Raises NothingToDo for one that is done: nothing is made twice."""
    document = _inbound(document_id)
    refusal = _refusal(document)
    if refusal:
        raise NothingToDo(refusal)
    enqueue_job(TAKE_JOB, key=str(document.pk), payload={"documents": [str(document.pk)]})
    title = str(document)
    replay_fact(
        "edi.document_reprocessed", aggregate="edi_document", pk=document.pk, partner=document.partner, title=title
    )
    return document


def _inbound(document_id: UUID) -> Document:
    rows = Document.objects.select_related("partner__account", "group__interchange", "order")
    document = rows.filter(pk=document_id, direction=Direction.IN).first()
    if document is None:
        raise UnknownDocument("no inbound document has that id; nothing was done")
    return document


def _refusal(document: Document) -> str:
    if document.set_id not in TAKERS:
        return f"a {document.set_id} is settled when it arrives; there is nothing to process again"
    if document.state == DocumentState.INVALID:
        return "our acknowledgment refused it; the partner must send it again, then it is a new document"
    if document.group and document.group.interchange.state == InterchangeState.READING:
        return "the file it came in is still being read; look again in a moment"
    if document.state in (DocumentState.VALID, DocumentState.FAILED):
        return ""
    became = f" ({document.order})" if document.order else ""
    return f"it is done{became}; nothing is made twice. What is wrong is corrected there"


def _differences(before: Any, now: Any, path: str = "") -> list[Difference]:
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for key in dict.fromkeys([*now, *before]):  # the database keeps keys in an order of its own
            found += _differences(before.get(key), now.get(key), f"{path}.{key}" if path else str(key))
        return found
    if isinstance(before, list) and isinstance(now, list):
        found = []
        for at in range(max(len(before), len(now))):
            left, right = (rows[at] if at < len(rows) else None for rows in (before, now))
            found += _differences(left, right, f"{path}[{at + 1}]")
        return found
    # a field that the older code did not know and the newer one leaves empty is no difference
    return [] if before == now or (not before and not now) else [Difference(path, _text(before), _text(now))]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
