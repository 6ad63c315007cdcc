"""A table of mappings from a file: look at what it would do, then let it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.common.errors import DomainError
from distportal.common.tables import MOST_BYTES
from distportal.systems.mapping.exporting import COLUMNS, problem_lines
from distportal.systems.mapping.importing import apply_import, plan_import
from distportal.systems.mapping.models import TableUpload
from distportal.systems.mapping.uploads import forget_upload, keep_upload
from distportal.web.audience import PersonRequest
from orders.ops.mappings.audience import OPERATORS
from orders.ops.mappings.whose import meant, offered

SHOWN = 200


@require_http_methods(["GET", "POST"])
@OPERATORS
def upload(request: PersonRequest) -> HttpResponse:
    """Choose a file; it is kept for a day, nothing is imported yet."""
    if request.method == "GET":
        return render(request, "orders/ops/mappings/import.html", {"scopes": offered(), "columns": COLUMNS})
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or (file.size or 0) > MOST_BYTES:
        messages.error(request, f"Choose a CSV or XLSX file of at most {MOST_BYTES // 1024 // 1024} MB.")
        return redirect("mappings:import")
    try:
        row = keep_upload(name=file.name or "", content=file.read(), scope=meant(request.POST))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("mappings:import")
    return redirect("mappings:preview", pk=row.pk)


@require_GET
@OPERATORS
def preview(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """What the file would change."""
    row = get_object_or_404(TableUpload, pk=pk)
    plan = plan_import(content=bytes(row.content), scope=row.scope)
    shown = [planned for planned in plan.rows if planned.verdict != "same"]
    context = {
        "upload": row,
        "counts": plan.counts,
        "rows": shown[:SHOWN],
        "more": max(len(shown) - SHOWN, 0),
        "todo": plan.counts["new"] + plan.counts["changed"],
    }
    return render(request, "orders/ops/mappings/preview.html", context)


@require_POST
@OPERATORS
def apply(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Import it: all rows, or the right ones."""
    row = get_object_or_404(TableUpload, pk=pk)
    try:
        plan = apply_import(
            content=bytes(row.content),
            scope=row.scope,
            skip_wrong=request.POST.get("rows") == "right",
            reason=request.POST.get("reason", ""),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("mappings:preview", pk=pk)
    counts = plan.counts
    left = f", {counts['wrong']} wrong rows were left out" if counts["wrong"] else ""
    messages.success(request, f"{counts['new']} mappings are new, {counts['changed']} changed{left}")
    forget_upload(upload_id=pk)
    return redirect("mappings:table")


@require_GET
@OPERATORS
def problems(request: PersonRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """The wrong rows with what is wrong."""
    row = get_object_or_404(TableUpload, pk=pk)
    plan = plan_import(content=bytes(row.content), scope=row.scope)
    headers = {"Content-Disposition": 'attachment; filename="wrong-rows.csv"'}
    return StreamingHttpResponse(problem_lines(plan.wrong), content_type="text/csv; charset=utf-8", headers=headers)
