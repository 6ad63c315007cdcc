"""Quick order: type, paste or upload rows over one grid, mend what is wrong in its place, add the rest to the cart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.csv_lines import csv_lines
from distportal.common.errors import DomainError
from distportal.common.tables import MOST_BYTES
from distportal.web.audience import PersonRequest, dealer_view
from inventory.queries.search import search_items
from orders.models import Draft
from orders.portal.ordering_for import ordering_for
from orders.process.drafts import open_draft
from orders.process.quick.judging import QuickLine, QuickSheet, judge_rows
from orders.process.quick.reading import TypedRow, read_table, read_text
from orders.process.quick.rows import MOST_ROWS, change_rows, drop_rows, keep_rows, take_rows

WAYS = {"type": gettext_lazy("Type"), "paste": gettext_lazy("Paste"), "file": gettext_lazy("File")}
BLANK_ROWS = 5
SHOWN = 200
"""Rows on the page: problems stand first, so none hides behind good ones until there are as many."""
TEMPLATE = "code,quantity,unit\r\nFST-10001,24,EA\r\n"


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def show(request: PersonRequest) -> HttpResponse:
    """The grid with an outcome for every row; the way in is in the address."""
    return _page(request, request.GET.get("by", "type"))


def _page(request: PersonRequest, by: str, *, text: str = "", status: int = 200) -> HttpResponse:
    draft = _draft(request)
    context = {
        **ordering_for(draft, request.account),
        "ways": WAYS,
        "by": by if by in WAYS else "type",
        "text": text,
        "blanks": [uuid4() for _ in range(BLANK_ROWS)],
        "most_rows": MOST_ROWS,
        **_sheet(judge_rows(draft=draft)),
    }
    return render(request, "orders/portal/quick.html", context, status=status)


def _sheet(sheet: QuickSheet) -> dict[str, Any]:
    return {"sheet": sheet, "lines": sheet.lines[:SHOWN], "hidden": max(len(sheet.lines) - SHOWN, 0)}


def _draft(request: PersonRequest) -> Draft:
    return open_draft(account=request.account, user=request.user)


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def save(request: PersonRequest) -> HttpResponse:
    """Keep the rows as they are typed now; from the page itself only their outcomes come back."""
    draft = _draft(request)
    rows = _typed(request.POST)
    try:
        if "use" in request.POST:
            key, sku, quantity, unit = request.POST["use"].split("|", 3)
            rows[UUID(key)] = TypedRow(sku, quantity, unit)
        change_rows(draft=draft, rows=rows)
        if "drop" in request.POST:
            drop_rows(draft=draft, row_ids=[UUID(request.POST["drop"])])
    except (DomainError, ValueError) as error:
        messages.error(request, getattr(error, "message", _("These rows could not be read; nothing was changed.")))
        return redirect("orders:quick")
    if request.headers.get("HX-Request") != "true":
        return redirect("orders:quick")
    sheet = judge_rows(draft=draft)
    context = {**_sheet(sheet), "lines": [line for line in sheet.lines if line.row.pk in rows], "swap": True}
    return render(request, "orders/portal/_quick_said.html", context)


def _typed(data: MultiValueDict[str, str]) -> dict[UUID, TypedRow]:
    """The rows of the grid: `code.<key>`, `quantity.<key>`, `unit.<key>`. Raises ValueError for a key that is none."""
    keys = [name.removeprefix("code.") for name in data if name.startswith("code.")]
    return {
        UUID(key): TypedRow(*(str(data.get(f"{part}.{key}", "")).strip() for part in ("code", "quantity", "unit")))
        for key in keys
    }


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def read(request: PersonRequest) -> HttpResponse:
    """Take rows out of pasted text or of an uploaded file. What cannot be taken is told, nothing is half taken, and
    pasted text stands there still.
    """
    upload, text = request.FILES.get("file"), request.POST.get("text", "")[:MOST_BYTES]
    try:
        found = read_table(upload.read(MOST_BYTES + 1), name=str(upload.name)) if upload else read_text(text)
        kept = keep_rows(draft=_draft(request), rows=found)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, "file" if upload else "paste", text=text, status=error.http_status)
    if kept:
        messages.success(request, ngettext("%(n)s row read.", "%(n)s rows read.", kept) % {"n": f"{kept:,}"})
    else:
        messages.warning(request, _("There was no row in it: each needs a code, then a quantity."))
    return redirect("orders:quick")


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def take(request: PersonRequest) -> HttpResponse:
    """What is typed now is kept, then the sound rows go into the cart."""
    draft = _draft(request)
    try:
        change_rows(draft=draft, rows=_typed(request.POST))
        taken = take_rows(draft=draft)
    except (DomainError, ValueError) as error:
        messages.error(request, getattr(error, "message", _("These rows could not be read; nothing was changed.")))
        return redirect("orders:quick")
    if taken.left:
        left = ngettext(
            "%(n)s row stayed here: something has to be mended first.",
            "%(n)s rows stayed here: something has to be mended first.",
            taken.left,
        ) % {"n": f"{taken.left:,}"}
        messages.warning(request, f"{_added(taken.added)} {left}" if taken.added else left)
        return redirect("orders:quick")
    if taken.added:
        messages.success(request, _added(taken.added))
    return redirect("orders:cart" if taken.added else "orders:quick")


def _added(count: int) -> str:
    return ngettext("%(n)s row added to the cart.", "%(n)s rows added to the cart.", count) % {"n": f"{count:,}"}


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def clear(request: PersonRequest) -> HttpResponse:
    """Drop all rows; the cart stays as it is."""
    gone = drop_rows(draft=_draft(request))
    told = ngettext("%(n)s row removed. Your cart is as it was.", "%(n)s rows removed. Your cart is as it was.", gone)
    messages.success(request, told % {"n": f"{gone:,}"})
    return redirect("orders:quick")


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def problems(request: PersonRequest) -> StreamingHttpResponse:
    """The rows with problems as a file that can be mended and uploaded again."""
    sheet = judge_rows(draft=_draft(request), guess=False)
    lines = csv_lines(["code", "quantity", "unit", "problem", "what to do", "from"], map(_told, sheet.problems))
    return _csv(lines, "quick-order-problems.csv")


def _told(line: QuickLine) -> tuple[str, ...]:
    row = line.row
    return (row.code, row.quantity, row.unit, line.problem, line.remedy, row.origin)


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def template(request: PersonRequest) -> StreamingHttpResponse:
    """A file to fill in."""
    return _csv(iter([TEMPLATE]), "quick-order.csv")


def _csv(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@dealer_view(Act.PLACE_ORDERS)
def find(request: PersonRequest) -> HttpResponse:
    """Items that the code typed so far may mean, for the browser's own list."""
    text = next((str(value) for name, value in request.GET.items() if name.startswith("code.")), "").strip()[:80]
    found = search_items(text=text, account_id=request.account.pk)[:8] if len(text) >= 2 else []
    return render(request, "orders/portal/_quick_found.html", {"items": found})
