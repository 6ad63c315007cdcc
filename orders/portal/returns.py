"""Returns: the list, the form, and one return from request to credit. Staff see all with the same pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from distportal.accounts.permissions import Act
from distportal.canonical.base import plain
from distportal.common.errors import DomainError
from distportal.web.audience import PersonRequest, audiences_of, dealer_view, may, shared_view, staff_view
from distportal.web.cursors import cursor_page
from orders.choices import ReturnReason, ReturnStatus, ReturnWish
from orders.documents.return_sheet import label_pdf
from orders.models import Return, ReturnPhoto
from orders.portal.downloads import pdf_answer
from orders.portal.pictures import picture_answer
from orders.portal.return_forms import ReturnForm, read_photos, read_wanted
from orders.process.return_asking import ask_for_return
from orders.process.return_receipts import receive_return, withdraw_return
from orders.process.typed_quantities import typed_quantities
from orders.queries.return_steps import steps_of
from orders.queries.returns import choosable_lines, returns_of

RECEIVERS = frozenset({"agent", "operator"})
FILLS: dict[str, Callable[[Decimal], str]] = {"all": lambda most: plain(most) if most else "", "none": lambda _most: ""}


@require_GET
@shared_view(Act.VIEW_ORDERS)
def index(request: PersonRequest) -> HttpResponse:
    """The list, newest first."""
    tab = "all" if request.GET.get("view") == "all" else "open"
    page = cursor_page(returns_of(request.user, tab=tab), request.GET.get("cursor", ""), keys=["number"])
    context = {"page": page, "view": tab, "may_ask": may(request, Act.REQUEST_RETURN)}
    return render(request, "orders/portal/returns.html", context)


@require_http_methods(["GET", "POST"])
@dealer_view(Act.REQUEST_RETURN)
def new(request: PersonRequest) -> HttpResponse:
    """Choose billed lines: every quantity starts at nothing, the most of each stands beside it. A POST that says `all`
    or `none` fills all of them in or empties them, and asks for nothing.
    """
    text = request.GET.get("q", "")[:60]
    fills = next((word for word in FILLS if word in request.POST), "")
    form = ReturnForm(request.POST or None, initial={"token": uuid.uuid4()})
    if request.method == "POST" and not fills and form.is_valid():
        try:
            row = ask_for_return(
                account=request.account,
                user=request.user,
                token=form.cleaned_data["token"],
                wanted=read_wanted(request.POST.dict(), request.account),
                reference=form.cleaned_data["reference"],
                note=form.cleaned_data["note"],
                photos=read_photos(request.FILES.getlist("photos")),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(rma)s is asked for.") % {"rma": row})
            return redirect("orders:return", row.number)
    context = {
        "form": form,
        "q": text,
        "rows": _with_typed(request, choosable_lines(account=request.account, text=text), fills),
        "filled": fills,
        "reason": request.POST.get("reason", ""),
        "reasons": ReturnReason.choices,
        "wishes": ReturnWish.choices,
    }
    return render(request, "orders/portal/return_new.html", context, status=422 if form.errors else 200)


def _with_typed(request: PersonRequest, rows: list[Any], fills: str) -> list[dict[str, Any]]:
    """Each line with what was typed into it, so that a refusal loses nothing, or with what led here; `fills` says that
    all quantities are the most there is, or none.
    """
    posted = request.POST or request.GET
    return [
        {
            "line": row.line,
            "most": row.most,
            "quantity": FILLS[fills](row.most) if fills else posted.get(f"quantity.{row.line.pk}", ""),
            "reason": posted.get(f"reason.{row.line.pk}") or (posted.get("reason", "") if fills == "all" else ""),
            "wish": posted.get(f"wish.{row.line.pk}", "credit"),
        }
        for row in rows
    ]


@require_GET
@shared_view(Act.VIEW_ORDERS)
def detail(request: PersonRequest, number: int) -> HttpResponse:
    """One return: what was asked, what was answered, what came back and what was credited."""
    row = _found(request, number)
    before_goods = row.status in (*ReturnStatus.UNDECIDED, *ReturnStatus.GRANTED)
    context = {
        "row": row,
        "lines": row.lines.select_related("item", "invoice_line__invoice"),
        "photos": row.photos.all(),
        "credits": row.credits.select_related("invoice", "credit_memo"),
        "steps": steps_of(row),
        "may_withdraw": before_goods and may(request, Act.REQUEST_RETURN),
        "may_receive": row.status in ReturnStatus.GRANTED and bool(audiences_of(request) & RECEIVERS),
        "granted": row.status in ReturnStatus.GRANTED,
    }
    return render(request, "orders/portal/return.html", context)


@require_POST
@dealer_view(Act.REQUEST_RETURN)
def withdraw(request: PersonRequest, number: int) -> HttpResponse:
    """Take the request back before the goods came."""
    row = get_object_or_404(Return.objects.visible_to(request.user), number=number, account=request.account)
    try:
        withdraw_return(return_id=row.pk, user=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Withdrawn; the goods stay with you."))
    return redirect("orders:return", number)


@require_POST
@staff_view(*sorted(RECEIVERS))
def receive(request: PersonRequest, number: int) -> HttpResponse:
    """Staff note what came back."""
    row = get_object_or_404(Return, number=number)
    try:
        receive_return(return_id=row.pk, received=_received(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Noted; credits are asked of the ERP."))
    return redirect("orders:return", number)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def label(request: PersonRequest, number: int) -> HttpResponse:
    """The label as a PDF, once the return is approved; 404 before."""
    row = _found(request, number)
    if row.status not in ReturnStatus.GRANTED:
        raise Http404
    return pdf_answer(label_pdf(row), f"{row}.pdf", shown=True)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def photo(request: PersonRequest, photo_id: uuid.UUID) -> HttpResponse:
    """A picture of the goods; 404 for strangers."""
    rows = ReturnPhoto.objects.visible_to(request.user).select_related("image")
    return picture_answer(request, get_object_or_404(rows, pk=photo_id).image, name="return")


def _received(request: PersonRequest) -> dict[int, Decimal]:
    return typed_quantities(request.POST.dict(), "received.", else_=_("nothing was recorded"))


def _found(request: PersonRequest, number: int) -> Return:
    rows = Return.objects.visible_to(request.user).select_related("account", "decided_by")
    return get_object_or_404(rows, number=number)
