"""Rules on the asked items, units and prices."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from distportal.canonical.base import plain
from distportal.common.money import show_price
from inventory.choices import ItemStatus
from inventory.queries.items import BARCODES
from inventory.queries.packs import units_offered
from inventory.queries.substitutes import ends_with_stock, is_sold
from orders.process.fitting import is_whole
from orders.process.rules.base import Facts, Finding

if TYPE_CHECKING:
    from distportal.canonical.parts import ItemId
    from inventory.models import Item

# Prices differ by rounding on both sides: half a cent per unit, or 0.5 % where that is more.
PRICE_TOLERANCE = Decimal("0.005")


def check_items(facts: Facts) -> Iterator[Finding]:
    """Each line names an item that we know and sell."""
    if not facts.lines:
        yield Finding(code="no_lines", severity="error", message=_("The order has no lines"), remedy=_("Ask the buyer"))
    for fact in facts.lines:
        line = fact.line
        if fact.candidates:
            yield Finding(
                code="item_ambiguous",
                severity="error",
                line_no=line.line_no,
                message=_("Line %(line_no)s: %(names)s could be %(items)s")
                % {
                    "line_no": line.line_no,
                    "names": ", ".join(i.value for i in line.items),
                    "items": _(" or ").join(fact.candidates),
                },
                remedy=_("Ask the buyer which is meant and enter our SKU for it"),
                data={"candidates": list(fact.candidates)},
            )
        elif fact.item is None:
            named = ", ".join(dict.fromkeys(map(_called, line.items))) or _("nothing")
            yield Finding(
                code="item_unknown",
                severity="error",
                line_no=line.line_no,
                message=_("Line %(line_no)s: no item is known as %(named)s")
                % {"line_no": line.line_no, "named": named},
                remedy=_("Enter our SKU for it"),
            )
        elif not is_sold(fact.item, facts.today, None):
            yield Finding(
                code="item_not_sold",
                severity="error",
                line_no=line.line_no,
                message=_not_sold(line.line_no, fact.item),
                remedy=_("Offer a substitute or reject the line"),
            )


def _called(name: ItemId) -> str:
    """`UPC 812345000016`, or a code of ours or the buyer's as it stands."""
    return f"{name.qualifier.upper()} {name.value}" if name.qualifier in BARCODES else name.value


def _not_sold(line_no: str, item: Item) -> str:
    said = {"line_no": line_no, "sku": item.sku, "status": item.get_status_display().lower()}
    if item.last_order_on is None:
        return _("Line %(line_no)s: %(sku)s is %(status)s") % said
    said["day"] = date_format(item.last_order_on, "j M Y")
    return _("Line %(line_no)s: %(sku)s is %(status)s since %(day)s") % said


def check_substitutes(facts: Facts) -> Iterator[Finding]:
    """What is not sold any more may be replaced: done, proposed to a person, or refused, as the policy says."""
    for fact in facts.lines:
        if fact.substitute is None:
            continue
        asked, other = fact.original or fact.item, fact.substitute.item
        if asked is None:
            continue
        done = fact.original is not None
        if done:
            told = _("Line %(line_no)s: %(asked)s is not sold any more. %(sku)s, %(name)s, is sent instead")
        else:
            told = _("Line %(line_no)s: %(asked)s is not sold any more. %(sku)s, %(name)s, could be sent")
        yield Finding(
            code="substitute",
            severity="warning",
            line_no=fact.line.line_no,
            message=told % {"line_no": fact.line.line_no, "asked": asked.sku, "sku": other.sku, "name": other.name},
            remedy="" if done else _("Ask the buyer whether %(sku)s will do, or reject the line") % {"sku": other.sku},
            data={"asked": asked.sku, "substitute": other.sku, "reason": fact.substitute.reason.value},
        )


def check_endings(facts: Facts) -> Iterator[Finding]:
    """What ends is told; more than is left of it cannot come."""
    for fact in facts.lines:
        item, line = fact.item, fact.line
        if item is None or fact.base_quantity is None or item.status != ItemStatus.DISCONTINUED:
            continue
        if not is_sold(item, facts.today, None):
            continue
        left = fact.availability.total if fact.availability else Decimal(0)
        if ends_with_stock(item) and left < fact.base_quantity:
            yield Finding(
                code="stock_ending",
                severity="error",
                line_no=line.line_no,
                message=_(
                    "Line %(line_no)s: %(sku)s is sold while stock lasts, %(left)s %(base_unit)s are "
                    "left and no more will come"
                )
                % {"line_no": line.line_no, "sku": item.sku, "left": plain(left), "base_unit": item.base_unit},
                remedy=_("Take %(left)s %(base_unit)s, or a substitute")
                % {"left": plain(left), "base_unit": item.base_unit}
                if left
                else _("Take a substitute"),
                data={"available": str(left), "wanted": str(fact.base_quantity)},
            )
        else:
            said = {"line_no": line.line_no, "sku": item.sku}
            told = _("Line %(line_no)s: %(sku)s is discontinued, sold while stock lasts")
            if item.last_order_on:
                said["day"] = date_format(item.last_order_on, "j M Y")
                told = _("Line %(line_no)s: %(sku)s is discontinued, orders are taken until %(day)s")
            yield Finding(
                code="item_ending",
                severity="info",
                line_no=line.line_no,
                message=told % said,
            )


def check_units(facts: Facts) -> Iterator[Finding]:
    """Each quantity is in a unit that the item is sold in, and more than nothing."""
    for fact in facts.lines:
        line = fact.line
        if line.quantity <= 0 or not is_whole(line.quantity, line.unit):
            yield Finding(
                code="quantity_invalid",
                severity="error",
                line_no=line.line_no,
                message=_("Line %(line_no)s: %(quantity)s %(unit)s cannot be sold")
                % {"line_no": line.line_no, "quantity": line.quantity, "unit": line.unit},
                remedy=_("Enter a whole quantity above zero"),
            )
        if fact.item is not None and fact.base_quantity is None:
            item = fact.item
            yield Finding(
                code="unit_unknown",
                severity="error",
                line_no=line.line_no,
                message=_("Line %(line_no)s: unit %(unit)s is not one %(sku)s is sold in")
                % {"line_no": line.line_no, "unit": line.unit, "sku": item.sku},
                remedy=_("Use %(units)s") % {"units": units_offered(item)},
            )


def check_prices(facts: Facts) -> Iterator[Finding]:
    """A price the buyer states agrees with ours; without one ours applies."""
    for fact in facts.lines:
        ours, asked, currency = fact.our_price, fact.line.unit_price, facts.order.currency
        if ours is None or asked is None:
            continue
        if abs(asked - ours) > _allowed(ours, facts.price_tolerance):
            yield Finding(
                code="price_differs",
                severity="error",
                line_no=fact.line.line_no,
                message=_("Line %(line_no)s: the buyer asks %(asked)s, our price is %(ours)s")
                % {
                    "line_no": fact.line.line_no,
                    "asked": show_price(asked, currency),
                    "ours": show_price(ours, currency),
                },
                remedy=_("Correct the price; without one the contract price is taken"),
                data={"asked": str(asked), "ours": str(ours), "reason": fact.quote.reason if fact.quote else ""},
            )


def _allowed(ours: Decimal, agreed: Decimal | None) -> Decimal:
    """How far a price may be off: as agreed with the account, rounding to half a cent always allowed."""
    return max(PRICE_TOLERANCE, ours * (PRICE_TOLERANCE if agreed is None else agreed / 100))
