"""Compose a document by hand: see the exact bytes first, then let it leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from edi.documents.marking import MarkedRow, marked_rows
from edi.documents.registry import title_of
from edi.models import Document
from edi.ops.audience import TEAM
from edi.ops.downloads import shown
from edi.process.composers import COMPOSERS
from edi.process.composing import Draft, choices_for, composable, preview_document, send_composed
from edi.x12.catalog import release_of

MOST_DRAFTS = 5
"""So many documents of one fact are shown; the others are counted."""
MOST_ROWS = 300
"""So many segments of each; a catalogue has thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDraft:
    """A draft as the page shows it."""

    set_id: str
    partner: object
    file_name: str
    sent: Document | None
    rows: Sequence[MarkedRow]
    count: int
    raw: str
    size: int


def shown_drafts(drafts: Sequence[Draft]) -> dict[str, Any]:
    """What the page needs to show drafts."""
    return {
        "drafts": [_shown(draft) for draft in drafts[:MOST_DRAFTS]],
        "more": max(len(drafts) - MOST_DRAFTS, 0),
        "unsent": any(draft.sent is None for draft in drafts),
    }


def _shown(draft: Draft) -> ShownDraft:
    rows, _ = marked_rows(draft.segments[:MOST_ROWS], [], {}, release=release_of(draft.version))
    return ShownDraft(
        set_id=draft.set_id,
        partner=draft.partner,
        file_name=draft.file_name,
        sent=draft.sent,
        rows=rows,
        count=len(draft.segments),
        raw=shown(draft.content),
        size=len(draft.content),
    )


@require_GET
@TEAM
def compose(request: PersonRequest) -> HttpResponse:
    """The form with what could be told of, or the documents as they would leave."""
    wanted, number = request.GET.get("set_id", ""), request.GET.get("number", "").strip()
    set_id = wanted if wanted in COMPOSERS else next(iter(COMPOSERS))
    subjects = dict(composable())
    context: dict[str, Any] = {
        "choices": [(key, title_of(key), subject) for key, subject in subjects.items()],
        "set_id": set_id,
        "subject": subjects[set_id],
        "number": number,
        "newest": choices_for(set_id),
        "all_of_it": COMPOSERS[set_id].queue is not None,
    }
    if number:
        try:
            context |= shown_drafts(preview_document(set_id=wanted, number=number))
        except DomainError as error:
            context["refusal"] = error.message
    return render(request, "edi/ops/compose.html", context)


@require_POST
@TEAM
def send(request: PersonRequest) -> HttpResponse:
    """Let it leave; what left before is shown."""
    try:
        documents, sentence = send_composed(
            set_id=request.POST.get("set_id", ""), number=request.POST.get("number", "")
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("edi:compose")
    messages.success(request, sentence)
    if len(documents) != 1:
        return redirect("edi:documents")
    return redirect("edi:document", document_id=documents[0].pk)
