"""What it would be to order an old order again: what changed since in price, packs and stock, and what is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.canonical.base import plain
from distportal.common.site_day import site_day
from distportal.common.units import stepped
from distportal.events.clock import database_now
from inventory.models import Item
from inventory.queries.offers import Offer, offers
from inventory.queries.packs import base_of, sales_level, sold_levels
from inventory.queries.prices import PriceQuote, prices_for
from inventory.queries.substitutes import Substitute, is_sold, substitutes_of
from orders.models import Order, OrderLine

SAME, BETTER, WORSE, GONE = "same", "better", "worse", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """One line as it could be ordered now. Without an `offer` it cannot; `quantity` of `unit` is as much as it was.

    Prices are per `unit` at that quantity. `remarks` are what somebody has to know, in sentences.
    """

    line: OrderLine
    offer: Offer | None
    instead_of: str
    quantity: Decimal
    unit: str
    price_then: Decimal | None
    price_now: Decimal | None
    change: str
    remarks: tuple[str, ...]


def lines_again(order: Order, account: Account) -> list[Again]:
    """Every line of the order that named an item, in its order; seven queries whatever their number."""
    lines = [line for line in order.lines.select_related("item", "original_item") if line.item is not None]
    today = site_day(database_now())
    items = {line.item.pk: line.item for line in lines if line.item}
    others = substitutes_of(list(items.values()), on=today)
    taken = {pk: _taken(item, others[pk], today) for pk, item in items.items()}
    found = {one.pk: one for one in taken.values() if one is not None}
    offered = {offer.item.pk: offer for offer in offers(list(found.values()), account)}
    wanted: dict[int, Decimal] = {}
    for line in lines:
        item = taken.get(line.item_id or 0)
        if item is not None:
            wanted[item.pk] = wanted.get(item.pk, Decimal(0)) + max(line.base_quantity, Decimal(1))
    quotes = prices_for(account_id=account.pk, wanted=wanted, on=today)
    return [_again(line, order, taken, offered, quotes) for line in lines]


def _taken(item: Item, others: Sequence[Substitute], today: dt.date) -> Item | None:
    """What would be ordered now: the item itself, else the first that stands for it."""
    if is_sold(item, today, None):
        return item
    return others[0].item if others else None


def _again(
    line: OrderLine,
    order: Order,
    taken: Mapping[int, Item | None],
    offered: Mapping[int, Offer],
    quotes: Mapping[int, PriceQuote],
) -> Again:
    item = taken.get(line.item_id or 0)
    was = line.item.sku if line.item else ""
    if item is None:
        told = (_("%(sku)s is not sold any more, and nothing stands for it.") % {"sku": was},)
        return Again(
            line=line, offer=None, instead_of="", quantity=line.quantity, unit=line.unit, price_then=line.unit_price,
            price_now=None, change=GONE, remarks=told,
        )  # fmt: skip
    quantity, unit, packs = _fitted(line, item)
    size = base_of(item, Decimal(1), unit) or Decimal(1)
    now = quotes[item.pk].unit_price * size
    then = _price_then(line, size)
    remarks = [*_gone(was, item), *packs, *_stock(offered[item.pk], line.base_quantity)]
    return Again(
        line=line, offer=offered[item.pk], instead_of=was if item.sku != was else "", quantity=quantity, unit=unit,
        price_then=then, price_now=now, change=_change(then, now), remarks=tuple(remarks),
    )  # fmt: skip


def _fitted(line: OrderLine, item: Item) -> tuple[Decimal, str, list[str]]:
    """As much as it was in a unit that there is now, and what became of the pack."""
    size_then = line.base_quantity / line.quantity if line.quantity else Decimal(1)
    size_now = base_of(item, Decimal(1), line.unit)
    if size_now is None or line.unit not in {level.unit for level in sold_levels(item)}:
        level = sales_level(item, line.base_quantity, line.unit) or sold_levels(item)[0]
        told = _("It is not sold by %(then)s any more, but by %(now)s.") % {"then": line.unit, "now": level.unit}
        return _whole(line.base_quantity / level.size), level.unit, [told]
    if size_now != size_then and line.base_quantity:
        told = _("One %(unit)s held %(then)s then and holds %(now)s now.") % {
            "unit": line.unit,
            "then": plain(size_then),
            "now": plain(size_now),
        }
        return _whole(line.base_quantity / size_now), line.unit, [told]
    return line.quantity, line.unit, []


def _whole(quantity: Decimal) -> Decimal:
    """At least as much as it was, in whole packs."""
    return stepped(quantity, step=Decimal(1), up=True)


def _price_then(line: OrderLine, size_now: Decimal) -> Decimal | None:
    """What as much as one unit of now cost then."""
    if line.unit_price is None or not line.quantity or not line.base_quantity:
        return line.unit_price
    return line.unit_price * size_now / (line.base_quantity / line.quantity)


def _gone(was: str, item: Item) -> list[str]:
    return [] if item.sku == was else [_("%(sku)s is not sold any more: this stands for it.") % {"sku": was}]


def _stock(offer: Offer, base: Decimal) -> list[str]:
    """What a quantity as it was would have to wait for."""
    if offer.stock.total >= base:
        return []
    told = {"there": plain(offer.stock.total), "unit": offer.item.base_unit, "asked": plain(base)}
    if offer.stock.total > 0:
        return [_("%(there)s of %(asked)s %(unit)s are there now.") % told]
    return [_("None is there now: %(when)s.") % {"when": offer.stock.sentence}]


def _change(then: Decimal | None, now: Decimal) -> str:
    if then is None or round(then, 4) == round(now, 4):
        return SAME
    return BETTER if now < then else WORSE
