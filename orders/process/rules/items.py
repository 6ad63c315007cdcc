"""Rules on the asked items, units and prices."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from distportal.canonical.base import plain
from distportal.common.money import show_price
from inventory.choices import ItemStatus
from inventory.queries.substitutes import ends_with_stock, is_sold
from orders.process.fitting import is_whole
from orders.process.rules.base import Facts, Finding

# Prices differ by rounding on both sides: half a cent per unit, or 0.5 % where that is more.
PRICE_TOLERANCE = Decimal("0.005")


def check_items(facts: Facts) -> Iterator[Finding]:
    """Each line names an item that we know and sell."""
    if not facts.lines:
        yield Finding(code="no_lines", severity="error", message="The order has no lines", remedy="Ask the buyer")
    for fact in facts.lines:
        line = fact.line
        if fact.candidates:
            yield Finding(
                code="item_ambiguous",
                severity="error",
                line_no=line.line_no,
                message=f"Line {line.line_no}: {', '.join(i.value for i in line.items)} could be "
                f"{' or '.join(fact.candidates)}",
                remedy="Ask the buyer which is meant and enter our SKU for it",
                data={"candidates": list(fact.candidates)},
            )
        elif fact.item is None:
            named = ", ".join(f"{i.qualifier} {i.value}" for i in line.items) or "nothing"
            yield Finding(
                code="item_unknown",
                severity="error",
                line_no=line.line_no,
                message=f"Line {line.line_no}: no item is known as {named}",
                remedy="Enter our SKU for it",
            )
        elif not is_sold(fact.item, facts.today, None):
            yield Finding(
                code="item_not_sold",
                severity="error",
                line_no=line.line_no,
                message=f"Line {line.line_no}: {fact.item.sku} is {fact.item.get_status_display().lower()}"
                + (f" since {fact.item.last_order_on:%d %b %Y}" if fact.item.last_order_on else ""),
                remedy="Offer a substitute or reject the line",
            )


def check_substitutes(facts: Facts) -> Iterator[Finding]:
    """What is not sold any more may be replaced: done, proposed to a person, or refused, as the policy says."""
    for fact in facts.lines:
        if fact.substitute is None:
            continue
        asked, other = fact.original or fact.item, fact.substitute.item
        if asked is None:
            continue
        done = fact.original is not None
        yield Finding(
            code="substitute",
            severity="warning",
            line_no=fact.line.line_no,
            message=f"Line {fact.line.line_no}: {asked.sku} is not sold any more. "
            + (f"{other.sku}, {other.name}, is sent instead" if done else f"{other.sku}, {other.name}, could be sent"),
            remedy="" if done else f"Ask the buyer whether {other.sku} will do, or reject the line",
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
                message=f"Line {line.line_no}: {item.sku} is sold while stock lasts, {plain(left)} {item.base_unit} "
                "are left and no more will come",
                remedy=f"Take {plain(left)} {item.base_unit}, or a substitute" if left else "Take a substitute",
                data={"available": str(left), "wanted": str(fact.base_quantity)},
            )
        else:
            until = f"orders are taken until {item.last_order_on:%d %b %Y}" if item.last_order_on else ""
            yield Finding(
                code="item_ending",
                severity="info",
                line_no=line.line_no,
                message=f"Line {line.line_no}: {item.sku} is discontinued, {until or 'sold while stock lasts'}",
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
                message=f"Line {line.line_no}: {line.quantity} {line.unit} cannot be sold",
                remedy="Enter a whole quantity above zero",
            )
        if fact.item is not None and fact.base_quantity is None:
            item = fact.item
            yield Finding(
                code="unit_unknown",
                severity="error",
                line_no=line.line_no,
                message=f"Line {line.line_no}: unit {line.unit} is not one {item.sku} is sold in",
                remedy="Use " + ", or ".join(f"{pack.unit} of {plain(pack.size)}" for pack in item.levels),
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
                message=f"Line {fact.line.line_no}: the buyer asks {show_price(asked, currency)}, "
                f"our price is {show_price(ours, currency)}",
                remedy="Correct the price; without one the contract price is taken",
                data={"asked": str(asked), "ours": str(ours), "reason": fact.quote.reason if fact.quote else ""},
            )


def _allowed(ours: Decimal, agreed: Decimal | None) -> Decimal:
    """How far a price may be off: as agreed with the account, rounding to half a cent always allowed."""
    return max(PRICE_TOLERANCE, ours * (PRICE_TOLERANCE if agreed is None else agreed / 100))
