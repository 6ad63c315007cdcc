"""A row of the grid to choose items from: bought before, and lists."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from distportal.web.addresses import address
from distportal.web.speaking import reader_zone
from distportal.web.templatetags.portal import money, qty, when
from inventory.portal.cells import not_sold, offer_item, offer_price, offer_stock, offer_units
from inventory.queries.offers import Offer
from orders.models import Purchase
from orders.portal.picking import Row


class PickFields:
    """How much of which unit; the words of all rows."""

    def __init__(self) -> None:
        self._quantity, self._unit = _("Quantity of %(sku)s"), _("Unit of %(sku)s")

    def of(self, offer: Offer, *, key: str, unit: str, quantity: str) -> str:
        """The fields of one row, by its key."""
        named, key = {"sku": offer.item.sku}, escape(key)
        sold_as = f'<small class="quiet">{escape(offer.sold_as)}</small>' if offer.sold_as else ""
        return (
            f'<span class="add"><input type="text" class="quantity" name="quantity.{key}" value="{escape(quantity)}"'
            f' placeholder="0" inputmode="numeric" autocomplete="off" maxlength="20"'
            f' aria-label="{escape(self._quantity % named)}">'
            f'<select name="unit.{key}" aria-label="{escape(self._unit % named)}">{offer_units(offer, unit)}</select>'
            f"</span>{sold_as}"
        )


class PickRows:
    """`meanwhile` are notes that somebody else wrote while these were typed, by line id."""

    def __init__(self, *, may_order: bool, may_list: bool, meanwhile: Mapping[int, str]) -> None:
        self._may_order, self._may_list, self._meanwhile = may_order, may_list, meanwhile
        self._fields, self._choose = PickFields(), _("Choose %(sku)s")
        self._last_bought, self._price = escape(_("Last bought")), escape(_("Your price"))
        self._never, self._note = escape(_("never")), escape(_("Note"))
        self._note_on = _("Note on %(sku)s")
        self._newer = _("Somebody wrote meanwhile: “%(said)s”. Yours stands in the field; save again to have yours.")

    def row(self, row: Row) -> str:
        """The row of one item; nothing where there is no offer of it."""
        offer, key = row.offer, escape(row.key)
        if offer is None:
            return ""
        choose = escape(self._choose % {"sku": offer.item.sku})
        ticked = " checked" if row.ticked else ""
        box = f'<input type="checkbox" name="tick.{key}" id="tick-{key}" value="1"{ticked} aria-label="{choose}">'
        return (
            f'<tr><td class="tick">{box if self._may_order or self._may_list else ""}</td>'
            f"<td>{offer_item(offer)}{self._noted(row, offer)}</td>"
            f'<td class="num" data-label="{self._last_bought}">{self._last(row.last, times=row.line is None)}</td>'
            f'<td class="num" data-label="{self._price}">{offer_price(offer)}</td>'
            f"<td>{offer_stock(offer)}</td><td>{self._order(row, offer)}</td></tr>"
        )

    def _order(self, row: Row, offer: Offer) -> str:
        if not self._may_order:
            return ""
        if not offer.can_be_ordered:
            return not_sold(offer)
        return self._fields.of(offer, key=row.key, unit=row.shown_unit, quantity=row.quantity)

    def _last(self, last: Purchase | None, *, times: bool) -> str:
        if last is None:
            return f'<span class="quiet">{self._never}</span>'
        price = "" if last.last_price is None else f"{escape(money(last.last_price, last.currency))} · "
        there = address("orders:detail", last.order_number)  # type: ignore[attr-defined]
        often = ngettext("once", "%(times)s times", last.times) % {"times": last.times}
        return (
            f"{escape(qty(last.last_quantity, last.last_unit))}"
            f'<small>{price}<a href="{there}">{when(localdate(last.last_at, reader_zone()))}</a></small>'
            + (f'<small class="quiet">{escape(often)}</small>' if times else "")
        )

    def _noted(self, row: Row, offer: Offer) -> str:
        line = row.line
        if line is None:
            return ""
        if not self._may_list:
            return f"<small>{escape(line.note)}</small>" if line.note else ""
        said, newer = escape(self._note_on % {"sku": offer.item.sku}), ""
        if line.pk in self._meanwhile:
            text = escape(self._newer % {"said": self._meanwhile[line.pk]})
            newer = f'<small class="remark warn">{text}</small>'
        return (
            f'<input type="hidden" name="was.{line.pk}" value="{escape(line.note)}">'
            f'<input class="note-field" name="note.{line.pk}" value="{escape(row.note)}" maxlength="300"'
            f' placeholder="{self._note}" aria-label="{said}">{newer}'
        )
