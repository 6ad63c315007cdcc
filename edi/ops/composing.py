"""Compose a document by hand: see the exact bytes first, then let it leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest
from edi.documents.registry import DOCUMENTS
from edi.ops.audience import TEAM
from edi.ops.downloads import shown
from edi.ops.marking import marked_rows
from edi.process.composing import COMPOSERS, composable, preview_document, send_composed
from edi.queries.agreements import written_release
from edi.x12.catalog import release_of


@require_GET
@TEAM
def compose(request: PersonRequest) -> HttpResponse:
    """The form, and below it the document as it would leave."""
    set_id, number = request.GET.get("set_id", ""), request.GET.get("number", "").strip()
    context: dict[str, Any] = {
        "choices": [(key, DOCUMENTS[key].title, subject) for key, subject in composable() if key in DOCUMENTS],
        "set_id": set_id if set_id in COMPOSERS else next(iter(COMPOSERS)),
        "number": number,
    }
    if number:
        try:
            draft = preview_document(set_id=set_id, number=number)
        except DomainError as error:
            context["refusal"] = error.message
        else:
            context |= {
                "draft": draft,
                "rows": marked_rows(
                    draft.segments, [], {}, release=release_of(written_release(draft.partner, draft.set_id))
                )[0],
                "raw": shown(draft.content),
            }
    return render(request, "edi/ops/compose.html", context)


@require_POST
@TEAM
def send(request: PersonRequest) -> HttpResponse:
    """Let the document leave; one that left before is shown."""
    try:
        row = send_composed(set_id=request.POST.get("set_id", ""), number=request.POST.get("number", ""))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("edi:compose")
    messages.success(request, f"{row} is on its way to {row.partner}")
    return redirect("edi:document", document_id=row.pk)
