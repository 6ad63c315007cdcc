"""Cells of an offer as every list draws them: price, stock, packs and units.

Drawn here and not by included templates, because a page has forty to fifty offers and each part of a template costs
more than the words it writes. All of it is text before it is escaped, so Python's own `escape` does.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from distportal.common.units import Pack
from distportal.web.addresses import address
from distportal.web.icons import lucide
from distportal.web.templatetags.portal import money, qty
from inventory.choices import ItemStatus
from inventory.queries.offers import Offer

register = template.Library()


@register.simple_tag
def offer_price(offer: Offer) -> SafeString:
    """The price for the least that is sold, and the next cheaper step or why it is so."""
    quote, rung = offer.quote, offer.next_rung
    said = quote.reason
    if rung is not None:
        price = money(rung.unit_price, quote.currency)
        said = _("%(price)s from %(quantity)s") % {"price": price, "quantity": qty(rung.min_quantity)}
    return _html(
        f"<b>{escape(money(quote.unit_price, quote.currency))}</b>"
        f' <span class="quiet">/ {escape(offer.item.base_unit)}</span><small>{escape(said)}</small>'
    )


@register.simple_tag
def offer_stock(offer: Offer) -> SafeString:
    """What is there now, or when the next is expected."""
    if offer.stock.total > 0:
        said = _("%(much)s available") % {"much": qty(offer.stock.total, offer.item.base_unit)}
        return _html(f'<span class="tag ok">{lucide("circle-check", size=13, aria_hidden="true")}{escape(said)}</span>')
    said = offer.stock.sentence
    icon = lucide("hourglass", size=13, aria_hidden="true")
    return _html(f'<span class="tag warn">{icon}{escape(said[:1].upper() + said[1:])}</span>')


@register.simple_tag
def offer_packs(offer: Offer) -> SafeString:
    """The packs it is sold in; its unit where there is none."""
    packs = [level.pack for level in offer.levels]
    shown = packs if len(packs) == 1 else [pack for pack in packs if pack.size != 1]
    return _html("<br>".join(escape(pack_words(pack)) for pack in shown))


@register.simple_tag
def offer_units(offer: Offer, chosen: str = "") -> SafeString:
    """The options of a choice of units."""
    return _html(
        "".join(
            f'<option value="{escape(level.pack.unit)}"{" selected" if level.pack.unit == chosen else ""}>'
            f"{escape(pack_words(level.pack))}</option>"
            for level in offer.levels
        )
    )


@register.simple_tag
def offer_places(offer: Offer) -> SafeString:
    """The warehouses that have some now."""
    return _html(" · ".join(f"{escape(place.name)} {escape(qty(place.available))}" for place in offer.stocked))


@register.simple_tag
def offer_item(offer: Offer) -> SafeString:
    """Its code with the way to its page, its name, and what the company calls it."""
    item, there = offer.item, address("item", offer.item.sku)
    own = "".join(f'<small class="remark">{escape(text)}</small>' for text in map(_yours, offer.own_numbers))
    return _html(f'<a href="{escape(there)}">{escape(item.sku)}</a><small>{escape(item.name)}</small>{own}')


def _yours(number: str) -> str:
    return _("your %(number)s") % {"number": number}


def not_sold(offer: Offer) -> SafeString:
    """Why it cannot be ordered, and the way to what can."""
    if offer.item.status != ItemStatus.DISCONTINUED:
        said, way = _("Not sold at the moment"), ""
    else:
        said, way = _("Not sold any more"), _("what to take instead") if offer.item.substitutes else ""
    link = f': <a href="{escape(address("item", offer.item.sku))}">{escape(way)}</a>' if way else ""
    return _html(f'<span class="quiet">{escape(said)}{link}</span>')


def pack_words(pack: Pack) -> str:
    """`CS of 12`, or the unit alone."""
    if pack.size == 1:
        return pack.unit
    size = _("of %(size)s") % {"size": qty(pack.size)}
    return f"{pack.unit} {size}"


def _html(text: str) -> SafeString:
    return SafeString(text)  # each part was escaped
