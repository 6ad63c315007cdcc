"""The page on which dealers keep their own numbers for our items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, dealer_view, may
from inventory.process.part_numbers import (
    MOST_TOLD,
    export_part_numbers,
    forget_part_number,
    import_part_numbers,
    teach_part_number,
)
from inventory.queries.items import part_numbers_of

PER_PAGE = 50
MOST_BYTES = 2_000_000


@require_GET
@dealer_view(Act.VIEW_PRICES)
def show(request: PersonRequest) -> HttpResponse:
    """The account's numbers; those that stand for several items stand first."""
    text = request.GET.get("q", "").strip()[:80]
    rows = part_numbers_of(request.account.pk, text)
    page: Any = Paginator(rows.select_related(None).values("pk"), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = rows.filter(pk__in=page.object_list)  # items are read of one page, not of all that is sorted
    return render(
        request,
        "inventory/portal/part_numbers.html",
        {"page": page, "q": text, "may_keep": may(request, Act.KEEP_PART_NUMBERS)},
    )


@require_POST
@dealer_view(Act.KEEP_PART_NUMBERS)
def change(request: PersonRequest) -> HttpResponse:
    """Teach a number, forget one, or take a file of them."""
    try:
        if "forget" in request.POST:
            forget_part_number(account=request.account, reference_id=_number(request.POST["forget"]))
            messages.success(request, _("The number is gone."))
        elif "file" in request.FILES:
            _take(request)
        else:
            code, sku = request.POST.get("code", ""), request.POST.get("sku", "").strip()
            row = teach_part_number(account=request.account, code=code, sku=sku, by=request.user.name)
            messages.success(request, _("%(code)s stands for %(sku)s.") % {"code": row.code, "sku": row.item.sku})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("part_numbers")


@require_GET
@dealer_view(Act.VIEW_PRICES)
def export(request: PersonRequest) -> HttpResponse:
    """All of them as the file that can be taken in again."""
    answer = HttpResponse(export_part_numbers(account=request.account), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="part-numbers-{request.account.code}.csv"'
    return answer


def _take(request: PersonRequest) -> None:
    upload = request.FILES["file"]
    if not isinstance(upload, UploadedFile) or (upload.size or 0) > MOST_BYTES:
        messages.error(request, _("The file is larger than 2 MB; nothing was changed."))
        return
    done = import_part_numbers(account=request.account, content=upload.read(), by=request.user.name)
    messages.success(
        request,
        _("%(taken)s numbers are in, %(known)s of them were there so already.")
        % {"taken": done.taken, "known": done.known},
    )
    for problem in done.problems[:MOST_TOLD]:
        messages.warning(request, problem)
    if len(done.problems) > MOST_TOLD:
        more = len(done.problems) - MOST_TOLD
        told = ngettext("%(n)s more row could not be taken.", "%(n)s more rows could not be taken.", more)
        messages.warning(request, told % {"n": more})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
