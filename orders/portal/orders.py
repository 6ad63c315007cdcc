"""Order pages; staff see all orders with the same pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from distportal.accounts.permissions import Act
from distportal.web.audience import PersonRequest, may, shared_view
from distportal.web.columns import offer_columns
from distportal.web.cursors import CursorPage, cursor_page, first_page
from distportal.web.paging import PeekedPage, first_peeked, peeked_page
from orders.models import Order, OrderLine
from orders.portal.downloads import csv_answer
from orders.portal.progress import progress_of, sentence_of
from orders.queries.cases import open_cases_of
from orders.queries.change_window import change_window
from orders.queries.line_parts import parts_of
from orders.queries.notes import notes_around
from orders.queries.order_counts import tab_counts
from orders.queries.order_lines import LineQuantities, quantities_of
from orders.queries.order_list import (
    MOST_LISTED,
    ORDER_TABS,
    first_orders,
    listed_orders,
    neighbours,
    order_rows,
    orders_in_tab,
)
from orders.queries.owed_list import first_owed, lines_by_keys, orders_looked_at, owed_lines
from orders.queries.po_parts import come_to, other_parts
from orders.queries.promises import promises_of
from orders.queries.questions import questions_of
from orders.queries.tracking import shipments_with_tracking

offer_columns(
    "orders",
    {2: _("Status"), 3: _("Your PO"), 4: _("Ship to"), 5: _("Placed"), 6: _("Value"), 7: _("Lines shipped"),
     8: _("Next")},
    ours={4: _("Account")},
)  # fmt: skip
offer_columns(
    "open_lines", {2: _("Order"), 3: _("Still owed"), 4: _("Ordered"), 5: _("Shipped"), 6: _("Promised")}
)  # fmt: skip
MOST_IN_FILE = 10_000
_HEADING = ["order", "po", "status", "account", "ship to", "placed by", "placed on", "value", "currency", "lines",
            "lines shipped", "next date"]  # fmt: skip


def _wanted(request: PersonRequest) -> tuple[str, str]:
    tab = request.GET.get("view", "open")
    return tab if tab in ORDER_TABS else "open", request.GET.get("q", "")[:80]


@require_GET
@shared_view(Act.VIEW_ORDERS)
def index(request: PersonRequest) -> HttpResponse:
    """The list by tab and search, all of it in the address."""
    tab, text = _wanted(request)
    page = _shown(request, tab, text, request.GET.get("cursor", ""))
    counts = tab_counts(request.user)
    context = {
        "rows": order_rows(page.rows),
        "page": page,
        "tabs": [(name, label, counts.get(name, "")) for name, label in ORDER_TABS.items()],
        "view": tab,
        "q": text,
    }
    return render(request, "orders/portal/index.html", context)


def _shown(request: PersonRequest, tab: str, text: str, cursor: str) -> CursorPage[Order]:
    user = request.user
    if user.standing is not None and not (user.is_staff or text.strip() or cursor):
        return first_page(first_orders(user.standing.account.pk, tab), keys=["number"], size=MOST_LISTED)
    rows = listed_orders(orders_in_tab(user=user, tab=tab, text=text), accounts=user.is_staff)
    return cursor_page(rows, cursor, keys=["number"], size=MOST_LISTED)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def table(request: PersonRequest) -> HttpResponseBase:
    """The filtered orders as CSV, the newest 10,000 of them."""
    tab, text = _wanted(request)
    rows = listed_orders(orders_in_tab(user=request.user, tab=tab, text=text), accounts=True)
    found = list(rows[:MOST_IN_FILE])
    return csv_answer(_HEADING, (_told(row.order, row) for row in order_rows(found)), f"orders-{tab}.csv")


def _told(order: Order, row: Any) -> list[object]:
    return [
        str(order), order.po_number, order.get_status_display(), order.account.name,
        order.ship_to.name if order.ship_to else "", order.placed_name,
        timezone.localdate(order.placed_at).isoformat(), order.total, order.currency,
        row.progress.lines, row.progress.done, row.next_on.isoformat() if row.next_on else "",
    ]  # fmt: skip


@require_GET
@shared_view(Act.VIEW_ORDERS)
def owed(request: PersonRequest) -> HttpResponse:
    """What is still owed, line by line, the nearest promise first."""
    text, page = request.GET.get("q", "")[:80], _owed_page(request)
    looked_at = orders_looked_at(request.user, text)
    context = {"page": page, "q": text, "tabs": [], "view": "lines", "orders_looked_at": looked_at}
    return render(request, "orders/portal/owed.html", context)


def _owed_page(request: PersonRequest) -> PeekedPage[OrderLine]:
    user, text, number = request.user, request.GET.get("q", "")[:80], request.GET.get("page", "1")
    if user.standing is not None and not (user.is_staff or text.strip()) and number == "1":
        return first_peeked(first_owed(user.standing.account.pk))
    rows = owed_lines(user=user, text=text)
    # of all dealers' lines an index has the nearest promise first
    by_keys = lines_by_keys(accounts=user.is_staff) if user.standing is not None else None
    return peeked_page(rows, number, by_keys=by_keys)


@require_GET
@shared_view(Act.VIEW_ORDERS)
def owed_table(request: PersonRequest) -> HttpResponseBase:
    """What is still owed as CSV."""
    heading = ["order", "po", "line", "item", "ordered", "shipped", "open", "unit", "promised on", "why"]
    rows = owed_lines(user=request.user, text=request.GET.get("q", "")[:80], whole=True)[:MOST_IN_FILE]
    return csv_answer(heading, _owed(islice(rows.iterator(chunk_size=500), MOST_IN_FILE)), "open-lines.csv")


def _owed(lines: Iterator[OrderLine]) -> Iterator[list[object]]:
    for line in lines:
        yield [
            str(line.order), line.order.po_number, line.line_no, line.item.sku if line.item else "", line.quantity,
            line.shipped_quantity, line.open_quantity, line.unit,
            line.promised_on.isoformat() if line.promised_on else "", line.promise_reason,
        ]  # fmt: skip


@require_GET
@shared_view(Act.VIEW_ORDERS)
def detail(request: PersonRequest, number: int) -> HttpResponse:
    """One order with its lines, shipments and invoices."""
    order = get_object_or_404(
        Order.objects.visible_to(request.user).select_related("account", "ship_to"), number=number
    )
    lines = list(order.lines.select_related("item", "original_item", "warehouse"))
    changes = list(order.change_requests.all())
    shipments, invoices = list(shipments_with_tracking(order)), list(order.invoices.defer("canonical"))
    newer, older = neighbours(order, request.user)
    quantities, promises = quantities_of(lines, changes), promises_of(lines)
    context = {
        "order": order,
        "rows": [_row(line, quantities[line.line_no]) for line in lines],
        "sentence": sentence_of(order, lines, shipments),
        "promises": promises,
        "shipments": shipments,
        "invoices": invoices,
        "changes": changes,
        "findings": order.findings.filter(order_version=order.version).exclude(action="accept"),
        "questions": questions_of(order),
        "window": change_window(order, lines),
        "may_return": may(request, Act.REQUEST_RETURN),
        "may_change": may(request, Act.CHANGE_ORDERS),
        "po_parts": (parts := other_parts(order, request.user)),
        "po_total": come_to([order, *parts]),
        "one_place": all(part.ship_to_id == order.ship_to_id for part in parts),
        "progress": progress_of(order, shipments, invoices),
        "newer": newer,
        "older": older,
        "cases": open_cases_of(order) if request.user.is_staff else [],
        "note_token": uuid.uuid4(),
        "notes": notes_around(order, request.user),
    }
    return render(request, "orders/portal/detail.html", context)


def _row(line: OrderLine, much: LineQuantities) -> dict[str, Any]:
    return {"line": line, "parts": parts_of(line), "much": much, "shown": much.shown(line)}
