"""The catalogue as a dealer sees it: own price, own reason for it, and what can be promised now."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.accounts.models import Account
from distportal.accounts.permissions import Act
from distportal.common.site_day import site_day
from distportal.events.choices import Level as Pressure
from distportal.events.clock import database_now
from distportal.events.pressure import pressure
from distportal.web.audience import PersonRequest, dealer_view, may
from distportal.web.paging import PeekedPage, peeked_page
from inventory.cards import freshness_seen
from inventory.models import Item
from inventory.portal.checks import ItemChecks, item_checks
from inventory.portal.keeping import keeping_of
from inventory.queries.documents import documents_of
from inventory.queries.items import families, items_with_ids, normalise_code
from inventory.queries.offers import Offer, offers
from inventory.queries.packs import sold_levels
from inventory.queries.search import Found, find_items, sold_items
from inventory.queries.substitutes import substitutes_of
from inventory.registry import Facet, facets, item_panels

PER_PAGE = 40
ROUNDS = 6
"""So often a page asks for an answer that is on its way."""


@require_GET
@dealer_view(Act.VIEW_PRICES)
def catalogue(request: PersonRequest) -> HttpResponse:
    """Search, families and what narrows it, all of it in the address; nothing is counted, and the number of queries
    does not depend on the rows.
    """
    text, family = request.GET.get("q", "").strip()[:80], request.GET.get("family", "")
    chosen = [facet for facet in facets() if request.GET.get(facet.code) == "1"]
    narrow = partial(_narrowed, family=family, chosen=chosen, account=request.account) if family or chosen else None
    found, page = None, None
    if normalise_code(text):
        found = find_items(text=text, account_id=request.account.pk, narrow=narrow)
        page = _page_of(found, request.GET.get("page"))
    elif not text:
        page = peeked_page(sold_items(narrow), request.GET.get("page"), size=PER_PAGE)
    context = {
        "page": page,
        "found": found,
        "offers": offers(page.object_list, request.account) if page else [],
        "q": text,
        "code": normalise_code(text),
        "family": family,
        "families": families() if pressure().level < Pressure.SHED else [],
        "facets": [_shown(facet, facet in chosen, request.GET) for facet in facets()],
        "may_ask": may(request, Act.WRITE_MESSAGES),
        "narrowed": bool(family or chosen),
        "news": freshness_seen(request),
    }
    return render(request, "inventory/portal/catalogue.html", context)


def _narrowed(rows: QuerySet[Item], *, family: str, chosen: list[Facet], account: Account) -> QuerySet[Item]:
    rows = rows.filter(family=family) if family else rows
    for facet in chosen:
        rows = facet.narrow(rows, account)
    return rows


def _shown(facet: Facet, on: bool, asked: QueryDict) -> dict[str, Any]:
    others = asked.copy()
    for name in (facet.code, "page"):
        others.pop(name, None)
    return {"facet": facet, "on": on, "others": others.urlencode()}


def _page_of(found: Found, number: str | None) -> PeekedPage[Item]:
    at = int(number) if number and number.isascii() and number.isdecimal() and len(number) < 4 else 1
    at = at if 1 <= at <= -(-len(found.ids) // PER_PAGE) else 1
    shown = found.ids[(at - 1) * PER_PAGE : at * PER_PAGE]
    rows = items_with_ids(shown)  # forty places in an ORDER BY would take longer than all of the rest
    return PeekedPage([rows[pk] for pk in shown if pk in rows], at, PER_PAGE, more=len(found.ids) > at * PER_PAGE)


@require_GET
@dealer_view(Act.VIEW_PRICES)
def item(request: PersonRequest, sku: str) -> HttpResponse:
    """One item with its ladder, its stock by warehouse, and what other apps know of it."""
    found, now = get_object_or_404(Item, sku=sku), database_now()
    instead = substitutes_of([found], on=site_day(now))[found.pk]
    offer, *others = offers([found, *(one.item for one in instead)], request.account)
    context = {
        "offer": offer,
        "substitutes": [{"offer": o, "reason": one.reason.label} for o, one in zip(others, instead, strict=True)],
        "panels": [(panel.template, panel.context(request, found)) for panel in item_panels()],
        "checks": _checks(offer, request.account),
        "round": 1,
        "keeping": keeping_of(offer.item, offer.stock, request.account),
        "documents": documents_of(found.sku, on=site_day(now)),
    }
    return render(request, "inventory/portal/item.html", context)


@require_GET
@dealer_view(Act.VIEW_PRICES)
def checks(request: PersonRequest, sku: str) -> HttpResponse:
    """The ERP's own word on the item, asked for again by a page that shows it while an answer is on its way."""
    found = get_object_or_404(Item, sku=sku)
    asked, [offer] = request.GET.get("round", ""), offers([found], request.account)
    context = {
        "offer": offer,
        "checks": _checks(offer, request.account),
        "round": min(int(asked), ROUNDS) + 1 if asked.isdecimal() else ROUNDS,
    }
    return render(request, "inventory/portal/_checks.html", context)


def _checks(offer: Offer, account: Account) -> ItemChecks:
    ours = offer.price_of(sold_levels(offer.item)[0])
    return item_checks(offer.item, account, ours=ours, on=site_day(database_now()))
