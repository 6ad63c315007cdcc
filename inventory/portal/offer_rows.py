"""Rows of the catalogue, and the form that puts an item into the cart, drawn as `inventory.portal.cells` are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from distportal.accounts.permissions import Act
from distportal.canonical.base import plain
from distportal.web.addresses import address
from distportal.web.audience import may
from distportal.web.icons import lucide
from inventory.portal import cells
from inventory.queries.offers import Offer

register = template.Library()


@register.simple_tag(takes_context=True)
def offer_rows(context: Any, offers: Iterable[Offer]) -> SafeString:
    """A row of the catalogue for each offer."""
    form = _Form(context)
    return SafeString("\n".join(_row(offer, form) for offer in offers))


@register.simple_tag(takes_context=True)
def offer_add(context: Any, offer: Offer, main: bool = False) -> SafeString:
    """The form that puts it into the cart, or why there is none; `main`: it is what the page is there for."""
    return SafeString(_Form(context, main=main).of(offer))


def _row(offer: Offer, form: _Form) -> str:
    return (
        f"<tr><td>{cells.offer_item(offer)}</td>"
        f'<td class="nowrap"><span class="quiet">{cells.offer_packs(offer)}</span></td>'
        f'<td class="num">{cells.offer_price(offer)}</td>'
        f"<td>{cells.offer_stock(offer)}<small>{cells.offer_places(offer)}</small></td>"
        f"<td>{form.of(offer)}</td></tr>"
    )


class _Form:
    """The form of all offers of a page: their words, and the page to come back to, are the same."""

    def __init__(self, context: Any, *, main: bool = False) -> None:
        request = context["request"]
        token, here = str(context.get("csrf_token", "")), request.get_full_path()
        self._may_order = may(request, Act.PLACE_ORDERS)
        self._head = (
            f'<form class="add" method="post" action="{escape(address("orders:cart_add"))}">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
            f'<input type="hidden" name="next" value="{escape(here)}">'
        )
        self._quantity, self._unit = _("Quantity of %(sku)s"), _("Unit of %(sku)s")
        self._to_cart = _("%(sku)s to the cart")
        self._class = "btn primary" if main else "btn"
        self._button = lucide("plus", size=16, aria_hidden="true") + escape(_("Add"))

    def of(self, offer: Offer) -> str:
        """The form, or why it cannot be ordered; without it for a reader whose role orders nothing."""
        if not offer.can_be_ordered:
            return cells.not_sold(offer)
        named, least = {"sku": offer.item.sku}, plain(offer.levels[0].least)
        sold_as = f'<small class="quiet">{escape(offer.sold_as)}</small>' if offer.sold_as else ""
        if not self._may_order:
            return sold_as
        return (
            f'{self._head}<input type="hidden" name="sku" value="{escape(offer.item.sku)}">'
            f'<input type="number" name="quantity" value="{least}" min="1" max="1000000" step="1" required'
            f' inputmode="numeric" aria-label="{escape(self._quantity % named)}">'
            f'<select name="unit" aria-label="{escape(self._unit % named)}">{cells.offer_units(offer)}</select>'
            f'<button class="{self._class}" type="submit">{self._button}'
            f'<span class="sr"> {escape(self._to_cart % named)}</span></button></form>{sold_as}'
        )
