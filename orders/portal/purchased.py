"""What the company has bought before: one row an item, to be put into the cart or a list again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from distportal.accounts.permissions import Act
from distportal.common.errors import DomainError
from distportal.events.clock import database_now
from distportal.web.audience import PersonRequest, dealer_view, may
from distportal.web.cursors import CursorPage, cursor_page, first_page
from inventory.queries.offers import offers
from orders.models import Purchase
from orders.portal.picking import NOTHING, Row, Typed, choices_of, picks_of, typed_in
from orders.process.drafts import open_draft
from orders.process.picking import take_picks
from orders.queries.lists import lists_of
from orders.queries.purchases import MOST_LISTED, PERIODS, last_purchases, latest_purchases, purchases_of


@require_GET
@dealer_view(Act.VIEW_ORDERS)
def show(request: PersonRequest) -> HttpResponse:
    """The latest first, by period and text; all of it in the address."""
    return _page(request, request.GET)


@require_POST
@dealer_view(Act.PLACE_ORDERS)
def take(request: PersonRequest) -> HttpResponse:
    """What was chosen goes into the cart, all of it or nothing; back to the same page of the same search."""
    try:
        picks = picks_of(request.POST)
        keys = [int(pick.key) for pick in picks if pick.key.isdecimal()]
        rows = _rows(request, last_purchases(request.account.pk, keys[: 2 * MOST_LISTED]).values(), NOTHING)
        choices = choices_of(rows)
        draft = open_draft(account=request.account, user=request.user)
        added = take_picks(draft=draft, picks=picks, choices=choices)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, QueryDict(request.POST.get("here", "")), typed=request.POST, status=error.http_status)
    messages.success(
        request,
        ngettext("%(added)s row is in your cart.", "%(added)s rows are in your cart.", added) % {"added": added},
    )
    return redirect("orders:cart")


def _page(request: PersonRequest, asked: QueryDict, *, typed: Typed = NOTHING, status: int = 200) -> HttpResponse:
    text, period = asked.get("q", "").strip()[:80], asked.get("period", "")
    since = database_now() - dt.timedelta(days=PERIODS[period]) if period in PERIODS else None
    page = _shown(request, text, since, asked.get("cursor", ""))
    context: dict[str, Any] = {
        "rows": _rows(request, page.rows, typed),
        "page": page,
        "q": text,
        "period": period if since else "",
        "periods": {"": _("Ever"), "30": _("30 days"), "90": _("90 days"), "365": _("A year")},
        "lists": lists_of(account=request.account, user=request.user),
        "here": asked.urlencode(),
        "may_order": may(request, Act.PLACE_ORDERS),
        "may_list": may(request, Act.KEEP_PART_NUMBERS),
    }
    return render(request, "orders/portal/purchased.html", context, status=status)


def _shown(request: PersonRequest, text: str, since: dt.datetime | None, cursor: str) -> CursorPage[Purchase]:
    keys = ["last_at", "id"]
    if not (text or since or cursor):
        return first_page(latest_purchases(request.account.pk), keys=keys, size=MOST_LISTED)
    found = purchases_of(account=request.account, text=text, since=since)
    return cursor_page(found, cursor, keys=keys, size=MOST_LISTED)


def _rows(request: PersonRequest, purchases: Any, typed: Typed) -> list[Row]:
    found = list(purchases)
    items = [purchase.item for purchase in found]
    return [
        Row(key=str(purchase.item_id), offer=offer, last=purchase, **typed_in(typed, str(purchase.item_id)))  # type: ignore[arg-type]
        for purchase, offer in zip(found, offers(items, request.account), strict=True)
    ]
