"""Two ERPs side by side: how they differ, what is with which, and the switches that move it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from distportal.common.csv_lines import csv_lines
from distportal.events.jobs import enqueue_job
from distportal.systems.models import ErpSwitch, OwnedKind
from distportal.systems.ownership import beside, owners, titles
from distportal.web.audience import PersonRequest, staff_view
from distportal.web.paging import peeked_page
from inventory.process.comparing import COMPARE_JOB
from inventory.queries.comparisons import Kept, comparison, difference_rows, last_pairs, what_both_say
from orders.ops.switches import targets
from orders.queries.ownership import company_of, owned_counts

TEAM = staff_view("operator")


@require_GET
@TEAM
def show(request: PersonRequest) -> HttpResponse:
    """Everything at one glance, and whom something is with."""
    names = titles()
    context = {
        "beside": [(name, names[name]) for name in beside()],
        "titles": names,
        "pairs": last_pairs(),
        "switches": ErpSwitch.objects.all()[:20],
        "owned": owned_counts(),
        "kinds": OwnedKind.choices,
        "targets": targets(),
        **_asked(request, names),
    }
    return render(request, "orders/ops/two_erps.html", context)


def _asked(request: PersonRequest, names: dict[str, str]) -> dict[str, Any]:
    kind, key = request.GET.get("kind", "account"), request.GET.get("key", "").strip()
    if not key or kind not in OwnedKind.values:
        return {"asked_kind": kind}
    company = company_of(key) if kind == OwnedKind.ACCOUNT else ""
    found = owners(accounts=[key], companies=[company, key], warehouses=[key], items=[key])
    owner = {
        OwnedKind.ACCOUNT: lambda: found.of_account(key, company),
        OwnedKind.COMPANY: lambda: found.of_account("", key),
        OwnedKind.WAREHOUSE: lambda: found.of_stock("", key),
        OwnedKind.ITEM: lambda: found.of_item(key),
    }[OwnedKind(kind)]()
    return {"asked_kind": kind, "asked_key": key, "answer": owner.sentence(f"{kind} {key}", names)}


@require_POST
@TEAM
@transaction.atomic
def compare(request: PersonRequest) -> HttpResponse:
    """Both ERPs are laid side by side in a moment, in the background."""
    for name in beside():
        enqueue_job(COMPARE_JOB, key=name, payload={"right": name, "by": request.user.email})
    messages.info(request, "The ERPs are being compared; the numbers stand here when that is done.")
    return redirect("two_erps")


@require_GET
@TEAM
def differences(request: PersonRequest, comparison_id: int) -> HttpResponse:
    """What differs, filtered by kind, code and words."""
    row = _found(comparison_id)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "code", "owner", "q")}
    page = peeked_page(difference_rows(row, **chosen), request.GET.get("page"))
    context = {"row": row, "page": page, "chosen": chosen, "titles": titles(), "query": request.GET.urlencode()}
    return render(request, "orders/ops/two_erps_differences.html", context)


@require_GET
@TEAM
def export(request: PersonRequest, comparison_id: int) -> StreamingHttpResponse:
    """The filtered list as CSV, row by row."""
    row = _found(comparison_id)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "code", "owner", "q")}
    answer = StreamingHttpResponse(_lines(row, chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="two-erps-{row.left}-{row.right}-{row.pk}.csv"'
    return answer


@require_GET
@TEAM
def thing(request: PersonRequest, comparison_id: int) -> HttpResponse:
    """Everything that both ERPs say of one thing, beside each other."""
    row = _found(comparison_id)
    kind, subject = request.GET.get("kind", ""), request.GET.get("subject", "")
    both = what_both_say(row, kind=kind, subject=subject)
    if both is None:
        raise Http404
    context = {"row": row, "kind": kind, "subject": subject, "both": both, "titles": titles()}
    return render(request, "orders/ops/two_erps_thing.html", context)


def _found(comparison_id: int) -> Kept:
    row = comparison(comparison_id)
    if row is None:
        raise Http404
    return row


def _lines(row: Kept, chosen: dict[str, str]) -> Iterator[str]:
    heading = ["kind", "subject", "differs", row.left, f"{row.left} as of", row.right, f"{row.right} as of", "with"]
    cells = (
        (
            found.kind, found.subject, found.code, found.left_value, found.left_as_of or "", found.right_value,
            found.right_as_of or "", found.owner,
        )
        for found in difference_rows(row, **chosen).iterator(chunk_size=2000)
    )  # fmt: skip
    return csv_lines(heading, cells)
