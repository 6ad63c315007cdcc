"""Rules on how much: minimums, multiples, packs, and what the whole order comes to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from distportal.canonical.base import plain
from distportal.common.money import show_money, show_price
from inventory.queries.packs import sales_level, scanned_level, sold_as, unit_name
from orders.process.erp_lines import converted_price
from orders.process.fitting import BELOW
from orders.process.rules.base import Facts, Finding, LineFacts


def check_quantities(facts: Facts) -> Iterator[Finding]:
    """Each quantity is one that the item is sold in, and no less than its minimum."""
    for fact in facts.lines:
        misfit, item, unit = fact.misfit, fact.item, fact.line.unit
        if misfit is None or item is None:
            continue
        offered = [plain(q) for q in (misfit.down, misfit.up) if q is not None]
        why = sold_as(item) or _("%(sku)s is sold otherwise") % {"sku": item.sku}
        asked = _("Line %(line_no)s: %(asked)s %(unit)s of %(sku)s asked. %(why)s") % {
            "line_no": fact.line.line_no,
            "asked": plain(misfit.asked),
            "unit": unit,
            "sku": item.sku,
            "why": why,
        }
        yield Finding(
            code=misfit.code,
            severity="warning" if misfit.taken is not None else "error",
            line_no=fact.line.line_no,
            message=asked
            if misfit.taken is None
            else _("%(asked)s; %(taken)s %(unit)s are taken")
            % {"asked": asked, "taken": plain(misfit.taken), "unit": unit},
            remedy=_("Order %(offers)s %(unit)s") % {"offers": _(" or ").join(offered), "unit": unit},
            data={
                "asked": plain(misfit.asked),
                "unit": unit,
                "offers": offered,
                "taken": "" if misfit.taken is None else plain(misfit.taken),
                "below_minimum": misfit.code == BELOW,
            },
        )


def check_conversions(facts: Facts) -> Iterator[Finding]:
    """What goes to the ERP in another unit than it was asked in is said, with what its price comes to there."""
    for fact in facts.lines:
        if fact.item is None or not fact.base_quantity or fact.base_quantity < 0:
            continue
        level = sales_level(fact.item, fact.base_quantity, fact.line.unit)
        if level is not None and level.unit != fact.line.unit:
            there = fact.base_quantity / level.size
            yield Finding(
                code="unit_converted",
                severity="info",
                line_no=fact.line.line_no,
                message=_(
                    "Line %(line_no)s: %(quantity)s %(unit)s of %(sku)s are %(there)s %(erp_unit)s, as it is sold"
                )
                % {
                    "line_no": fact.line.line_no,
                    "quantity": plain(fact.line.quantity),
                    "unit": fact.line.unit,
                    "sku": fact.item.sku,
                    "there": plain(there),
                    "erp_unit": level.unit,
                }
                + _rounded(fact, facts.order.currency, there),
                data={"erp_unit": level.unit, "erp_quantity": plain(there)},
            )


def _rounded(fact: LineFacts, currency: str, erp_quantity: Decimal) -> str:
    """What has to be said of a price that is not whole in the other unit."""
    if fact.price is None:
        return ""
    each = converted_price(fact.price, fact.line.quantity, erp_quantity)
    exact = each * erp_quantity == fact.price * fact.line.quantity
    return "" if exact else _("; the price of one is rounded to %(each)s") % {"each": show_price(each, currency)}


def check_barcodes(facts: Facts) -> Iterator[Finding]:
    """A line that names the barcode of a pack is in the unit of that pack; which of both was meant is for a person."""
    for fact in facts.lines:
        level = scanned_level(fact.item, fact.line.items) if fact.item is not None else None
        if fact.item is not None and level is not None and level.size != 1 and level.unit != fact.line.unit:
            yield Finding(
                code="barcode_unit",
                severity="error",
                line_no=fact.line.line_no,
                message=_(
                    "Line %(line_no)s: %(barcode)s is a %(name)s of %(size)s %(sku)s, but %(quantity)s "
                    "%(unit)s were asked"
                )
                % {
                    "line_no": fact.line.line_no,
                    "barcode": level.barcode,
                    "name": unit_name(level),
                    "size": plain(level.size),
                    "sku": fact.item.sku,
                    "quantity": plain(fact.line.quantity),
                    "unit": fact.line.unit,
                },
                remedy=_("Ask whether %(unit)s or %(asked)s was meant") % {"unit": level.unit, "asked": fact.line.unit},
            )


def check_order_minimum(facts: Facts) -> Iterator[Finding]:
    """The order comes to what was agreed as the least."""
    if facts.order_minimum is None or facts.total >= facts.order_minimum:
        return
    currency = facts.account.currency
    yield Finding(
        code="order_minimum",
        severity="error",
        message=_("This order comes to %(total)s, the least for an order is %(least)s")
        % {"total": show_money(facts.total, currency), "least": show_money(facts.order_minimum, currency)},
        remedy=_("Add %(missing)s or more") % {"missing": show_money(facts.order_minimum - facts.total, currency)},
        data={"minimum": str(facts.order_minimum), "total": str(facts.total)},
    )
