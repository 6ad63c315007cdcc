"""Rules on how much: minimums, multiples, packs, and what the whole order comes to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from distportal.canonical.base import plain
from distportal.common.money import show_money, show_price
from inventory.queries.packs import sales_level, scanned_level, sold_as
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
        why = sold_as(item) or f"{item.sku} is sold otherwise"
        asked = f"Line {fact.line.line_no}: {plain(misfit.asked)} {unit} of {item.sku} asked. {why}"
        yield Finding(
            code=misfit.code,
            severity="warning" if misfit.taken is not None else "error",
            line_no=fact.line.line_no,
            message=asked if misfit.taken is None else f"{asked}; {plain(misfit.taken)} {unit} are taken",
            remedy=f"Order {' or '.join(offered)} {unit}",
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
                message=f"Line {fact.line.line_no}: {plain(fact.line.quantity)} {fact.line.unit} of {fact.item.sku} "
                f"are {plain(there)} {level.unit}, as it is sold{_rounded(fact, facts.order.currency, there)}",
                data={"erp_unit": level.unit, "erp_quantity": plain(there)},
            )


def _rounded(fact: LineFacts, currency: str, erp_quantity: Decimal) -> str:
    """What has to be said of a price that is not whole in the other unit."""
    if fact.price is None:
        return ""
    each = converted_price(fact.price, fact.line.quantity, erp_quantity)
    exact = each * erp_quantity == fact.price * fact.line.quantity
    return "" if exact else f"; the price of one is rounded to {show_price(each, currency)}"


def check_barcodes(facts: Facts) -> Iterator[Finding]:
    """A line that names the barcode of a pack is in the unit of that pack; which of both was meant is for a person."""
    for fact in facts.lines:
        level = scanned_level(fact.item, fact.line.items) if fact.item is not None else None
        if fact.item is not None and level is not None and level.size != 1 and level.unit != fact.line.unit:
            yield Finding(
                code="barcode_unit",
                severity="error",
                line_no=fact.line.line_no,
                message=f"Line {fact.line.line_no}: {level.barcode} is a {level.name} of {plain(level.size)} "
                f"{fact.item.sku}, but {plain(fact.line.quantity)} {fact.line.unit} were asked",
                remedy=f"Ask whether {level.unit} or {fact.line.unit} was meant",
            )


def check_order_minimum(facts: Facts) -> Iterator[Finding]:
    """The order comes to what was agreed as the least."""
    if facts.order_minimum is None or facts.total >= facts.order_minimum:
        return
    currency = facts.account.currency
    yield Finding(
        code="order_minimum",
        severity="error",
        message=f"This order comes to {show_money(facts.total, currency)}, the least for an order is "
        f"{show_money(facts.order_minimum, currency)}",
        remedy=f"Add {show_money(facts.order_minimum - facts.total, currency)} or more",
        data={"minimum": str(facts.order_minimum), "total": str(facts.total)},
    )
