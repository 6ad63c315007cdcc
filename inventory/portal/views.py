"""The catalogue as a dealer sees it: own price, own reason for it, and what can be promised now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from distportal.accounts.models import Account
from distportal.accounts.permissions import Act
from distportal.common.units import Pack
from distportal.events.choices import Level as Pressure
from distportal.events.clock import database_now
from distportal.events.pressure import pressure
from distportal.web.audience import PersonRequest, dealer_view
from inventory.cards import freshness_seen
from inventory.choices import ItemStatus
from inventory.models import Item
from inventory.portal.checks import ItemChecks, item_checks
from inventory.portal.keeping import keeping_of
from inventory.queries.availability import Availability, WarehouseStock, availability_of
from inventory.queries.items import families, search_items
from inventory.queries.ladders import Rung
from inventory.queries.packs import least_of, sold_as, sold_levels, terms_of
from inventory.queries.prices import PriceQuote, prices_for
from inventory.queries.substitutes import is_sold, substitutes_of

PER_PAGE = 40
ROUNDS = 6
"""So often a page asks for an answer that is on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A unit that an item can be ordered in: its price by today's ladder for one, the least that is sold and by how
    many it goes up.
    """

    pack: Pack
    price: Decimal
    least: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One item with the account's price and what can be promised."""

    item: Item
    quote: PriceQuote
    stock: Availability
    today: dt.date

    @property
    def next_rung(self) -> Rung | None:
        """The next cheaper step, for "from 48 at …"."""
        return next((rung for rung in self.quote.ladder if rung.unit_price < self.quote.unit_price), None)

    @property
    def levels(self) -> list[Level]:
        """The levels it is sold in, with what one costs and how many make the least that is sold."""
        terms = {pack.unit: terms_of(self.item, pack.unit) for pack in sold_levels(self.item)}
        return [
            Level(
                pack=pack,
                price=self.price_of(pack) * pack.size,
                least=terms[pack.unit].above(pack.size) / pack.size,
                step=terms[pack.unit].step / pack.size,
            )
            for pack in sold_levels(self.item)
            if pack.size != 1 or pack.unit == self.item.base_unit
        ]

    def price_of(self, pack: Pack) -> Decimal:
        """Per base unit where one of this pack is bought: a tier may begin there."""
        reached = [rung for rung in self.quote.ladder if rung.min_quantity <= pack.size]
        return reached[-1].unit_price if reached else self.quote.unit_price

    @property
    def sold_as(self) -> str:
        """How it is sold, where that is not one by one."""
        return sold_as(self.item)

    @property
    def stocked(self) -> list[WarehouseStock]:
        """The warehouses that have some now."""
        return [place for place in self.stock.by_warehouse if place.available > 0]

    @property
    def can_be_ordered(self) -> bool:
        """Whether the ERP sells it at the moment."""
        return is_sold(self.item, self.today, self.stock)

    @property
    def ending(self) -> str:
        """Until when a discontinued item is sold; empty for all others."""
        if self.item.status != ItemStatus.DISCONTINUED or not self.can_be_ordered:
            return ""
        last = self.item.last_order_on
        return f"Discontinued, orders until {last:%d %b %Y}" if last else "Discontinued, while stock lasts"


@require_GET
@dealer_view(Act.VIEW_PRICES)
def catalogue(request: PersonRequest) -> HttpResponse:
    """Search and families, all of it in the address; the number of queries does not depend on the rows."""
    text, family = request.GET.get("q", "").strip()[:80], request.GET.get("family", "")
    found = search_items(text=text, family=family, account_id=request.account.pk)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "offers": offers(list(page.object_list), request.account),
        "q": text,
        "family": family,
        "families": families() if pressure().level < Pressure.SHED else [],
        "news": freshness_seen(request),
    }
    return render(request, "inventory/portal/catalogue.html", context)


@require_GET
@dealer_view(Act.VIEW_PRICES)
def item(request: PersonRequest, sku: str) -> HttpResponse:
    """One item with its ladder and its stock by warehouse."""
    found = get_object_or_404(Item, sku=sku)
    instead = substitutes_of([found], on=database_now().date())[found.pk]
    offer, *others = offers([found, *(one.item for one in instead)], request.account)
    context = {
        "offer": offer,
        "substitutes": [{"offer": o, "reason": one.reason.label} for o, one in zip(others, instead, strict=True)],
        "checks": _checks(offer, request.account),
        "round": 1,
        "keeping": keeping_of(offer.item, offer.stock, request.account),
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
    return item_checks(offer.item, account, ours=ours, on=database_now().date())


def offers(items: list[Item], account: Account) -> list[Offer]:
    """The offers of these items to the account, in order, in three queries; prices are those of the least sold."""
    wanted = {i.pk: least_of(i) for i in items}
    today = database_now().date()
    quotes = prices_for(account_id=account.pk, wanted=wanted, on=today)
    stock = availability_of(item_ids=list(wanted), shelf_life=account.least_shelf_life)
    return [Offer(item=i, quote=quotes[i.pk], stock=stock[i.pk], today=today) for i in items]
