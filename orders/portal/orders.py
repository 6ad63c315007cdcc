"""Order pages; staff see all orders with the same pages."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, shared_view
from orders.models import Order
from orders.portal.progress import progress_of
from orders.queries.cases import open_cases_of
from orders.queries.line_parts import parts_of
from orders.queries.listing import ORDER_VIEWS, orders_in_view
from orders.queries.notes import notes_around
from orders.queries.promises import promises_of
from orders.queries.tracking import shipments_with_tracking


@require_GET
@shared_view(Act.VIEW_ORDERS)
def index(request: PersonRequest) -> HttpResponse:
    """The list by tab and search, all of it in the address."""
    view = request.GET.get("view", "open")
    rows = orders_in_view(
        user=request.user, view=view if view in ORDER_VIEWS else "open", text=request.GET.get("q", "")
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "orders/portal/index.html",
        {"page": page, "views": ORDER_VIEWS, "view": view, "q": request.GET.get("q", "")},
    )


@require_GET
@shared_view(Act.VIEW_ORDERS)
def detail(request: PersonRequest, number: int) -> HttpResponse:
    """One order with its lines, shipments and invoices."""
    order = get_object_or_404(
        Order.objects.visible_to(request.user).select_related("account", "ship_to"), number=number
    )
    lines = list(order.lines.select_related("item", "original_item", "warehouse"))
    context = {
        "order": order,
        "rows": [{"line": line, "parts": parts_of(line)} for line in lines],
        "promises": promises_of(lines),
        "shipments": shipments_with_tracking(order),
        "invoices": order.invoices.all(),
        "changes": order.change_requests.all(),
        "findings": order.findings.filter(order_version=order.version).exclude(action="accept"),
        "progress": progress_of(order),
        "cases": open_cases_of(order) if request.user.is_staff else [],
        "note_token": uuid.uuid4(),
        "notes": notes_around(order, request.user),
    }
    return render(request, "orders/portal/detail.html", context)
