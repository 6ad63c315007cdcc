"""Orders that wait for a colleague's yes: mine, the company's, and those that wait for me."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError, NotFound
from distportal.web.audience import PersonRequest, dealer_view, may
from distportal.web.paging import peeked_page
from orders.choices import ApprovalState
from orders.models import ApprovalRequest
from orders.process.approvals.approvers import People, approvers_now
from orders.process.approvals.deciding import Decision, approve_request, send_back_request
from orders.process.approvals.ending import comment_request, take_back_into_cart, withdraw_request
from orders.process.approvals.listing import may_decide, names_waited_for, requests_of, waiting_for
from orders.process.approvals.showing import since_asked

VIEWS = {"waiting": _("Requires my approval"), "mine": _("Mine"), "company": _("Company")}
A_PAGE = 20


@require_GET
@dealer_view(Act.VIEW_ORDERS)
def index(request: PersonRequest) -> HttpResponse:
    """The cards of one view; the view is in the address."""
    people = approvers_now(request.account)
    waiting = waiting_for(request.user, request.account, people)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "waiting" if waiting else "mine"
    rows: Sequence[ApprovalRequest]
    page, of_company = None, requests_of(request.account)
    if view == "waiting":
        rows = waiting
    else:
        found = of_company.filter(requested_by=request.user) if view == "mine" else of_company
        page = peeked_page(found, request.GET.get("page"), size=A_PAGE)
        rows = page.object_list
    context = {
        "views": VIEWS,
        "view": view,
        "waiting": len(waiting),
        "cards": [_card(one, people if len(rows) <= A_PAGE else None) for one in rows[:A_PAGE]],
        "page": page,
        "others": not rows and view == "mine" and of_company.exists(),
        "may_rule": may(request, Act.MANAGE_APPROVALS),
    }
    return render(request, "orders/portal/approvals.html", context)


def _card(row: ApprovalRequest, people: People | None) -> dict[str, Any]:
    lines = row.shown["lines"]
    waits = names_waited_for(row, people) if people else []
    return {"row": row, "lines": lines[:3], "more": max(len(lines) - 3, 0), "waits_for": waits}


@require_GET
@dealer_view(Act.VIEW_ORDERS)
def detail(request: PersonRequest, approval_id: UUID) -> HttpResponse:
    """What the buyer saw, what differs now, who said what, and the buttons of whoever looks."""
    return _page(request, approval_id)


def _page(request: PersonRequest, approval_id: UUID, *, text: str = "", status: int = 200) -> HttpResponse:
    row = requests_of(request.account).filter(pk=approval_id).first()
    if row is None:
        raise Http404
    people = approvers_now(request.account)
    waits_for = names_waited_for(row, people)
    mine = row.requested_by_id == request.user.pk
    context = {
        "row": row,
        "since": since_asked(row) if row.state == ApprovalState.ASKED else None,
        "waits_for": waits_for,
        "may_decide": may_decide(row, request.user, people),
        "mine": mine,
        "may_end": mine and row.state in (ApprovalState.ASKED, ApprovalState.SENT_BACK, ApprovalState.EXPIRED),
        "entries": row.entries.select_related("user"),
        "text": text,
    }
    return render(request, "orders/portal/approval.html", context, status=status)


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def decide(request: PersonRequest, approval_id: UUID) -> HttpResponse:
    """Agree or send back. What changed since the page was shown is shown first, and nothing is done."""
    text = request.POST.get("text", "")
    try:
        if request.POST.get("do") == "send_back":
            send_back_request(request_id=approval_id, account=request.account, user=request.user, text=text)
            messages.success(request, gettext("Sent back with your comment. Nothing was ordered."))
            return redirect("orders:approvals")
        seen = request.POST.get("seen", "")
        decision = approve_request(
            request_id=approval_id, account=request.account, user=request.user, seen=seen, text=text
        )
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, approval_id, text=text, status=error.http_status)
    return _decided(request, decision, text)


def _decided(request: PersonRequest, decision: Decision, text: str) -> HttpResponse:
    row = decision.request
    if decision.outcome == "changed":
        messages.warning(request, gettext("Something changed since you opened this page: read it and decide again."))
        return _page(request, row.pk, text=text, status=409)
    if decision.outcome == "agreed":
        messages.success(request, gettext("Your yes is noted; another one is needed still."))
    elif decision.outcome == "ordered":
        messages.success(request, gettext("Approved and ordered as %(order)s.") % {"order": row.order})
    return redirect("orders:approval", approval_id=row.pk)


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def end(request: PersonRequest, approval_id: UUID) -> HttpResponse:
    """The buyer withdraws it, or takes it back into the cart to change it and send it again."""
    try:
        if request.POST.get("do") == "edit":
            take_back_into_cart(request_id=approval_id, account=request.account, user=request.user)
            messages.success(request, gettext("It is in your cart again: change it and send it once more."))
            return redirect("orders:cart")
        withdraw_request(request_id=approval_id, account=request.account, user=request.user)
        messages.success(request, gettext("Withdrawn. Nothing was ordered."))
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("orders:approval", approval_id=approval_id)


@require_POST
@dealer_view(Act.WRITE_MESSAGES)
def comment(request: PersonRequest, approval_id: UUID) -> HttpResponse:
    """A word to the others."""
    text = request.POST.get("text", "")
    try:
        comment_request(request_id=approval_id, account=request.account, user=request.user, text=text)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("orders:approval", approval_id=approval_id)
