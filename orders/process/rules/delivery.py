"""Rules on stock, ship-to, dates and what may go where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from distportal.canonical.base import plain
from inventory.queries.sourcing import Part, Sourcing, sentence_of
from orders.process.rules.base import Facts, Finding, LineFacts


def check_stock(facts: Facts) -> Iterator[Finding]:
    """One warehouse, or as many as may send one line, can send it now; else it is short."""
    for fact in facts.lines:
        if fact.item is None or fact.base_quantity is None or fact.availability is None:
            continue
        if fact.dropped:
            yield _dropped(fact, fact.item.sku)
            if fact.dropped >= fact.line.quantity:
                continue
        best = max((w.available for w in fact.availability.by_warehouse), default=Decimal(0))
        if best < fact.base_quantity and (short := _short(facts, fact, fact.base_quantity)) is not None:
            parts, now = short
            too_old = sum((w.too_old for w in fact.availability.by_warehouse), Decimal(0))
            yield Finding(
                code="stock_short",
                severity="warning",
                line_no=fact.line.line_no,
                message=_("Line %(line_no)s: %(senders)s can send %(now)s of %(base_quantity)s %(base_unit)s")
                % {
                    "line_no": fact.line.line_no,
                    "senders": _senders(facts.split),
                    "now": plain(now),
                    "base_quantity": plain(fact.base_quantity),
                    "base_unit": fact.item.base_unit,
                }
                + (_("; %(too_old)s more expire too soon") % {"too_old": plain(too_old)} if too_old else ""),
                remedy=_("The rest is backordered: %(parts)s") % {"parts": sentence_of(parts)}
                if parts
                else _("No warehouse keeps it"),
                data={"available": str(now), "wanted": str(fact.base_quantity)}
                | ({"expires_too_soon": str(too_old)} if too_old else {}),
            )


def _short(facts: Facts, fact: LineFacts, wanted: Decimal) -> tuple[Sequence[Part], Decimal] | None:
    """How it would come, and how much of it now; None where all of it can come now."""
    places = fact.availability.by_warehouse if fact.availability else ()
    size = wanted / fact.line.quantity if fact.line.quantity > 0 else Decimal(1)
    parts = Sourcing(places).take(wanted, multiple=size, split=facts.split, least=facts.least_part * size)
    now = sum((part.quantity for part in parts if part.on and part.due_on is None), Decimal(0))
    return None if parts and now >= wanted else (parts, now)


def _dropped(fact: LineFacts, sku: str) -> Finding:
    line, nothing = fact.line, fact.dropped >= fact.line.quantity
    asked = fact.dropped if nothing else line.quantity + fact.dropped
    told = _("Line %(line_no)s: of %(asked)s %(unit)s %(sku)s %(there)s are there; the rest is dropped, as asked")
    if nothing:
        told = _("Line %(line_no)s: of %(asked)s %(unit)s %(sku)s nothing is there; the rest is dropped, as asked")
    return Finding(
        code="nothing_there" if nothing else "short_dropped",
        severity="warning",
        line_no=line.line_no,
        message=told
        % {
            "line_no": line.line_no,
            "asked": plain(asked),
            "unit": line.unit,
            "sku": sku,
            "there": f"{plain(line.quantity)} {line.unit}",
        },
        remedy=_("Let the line wait, or take a substitute") if nothing else "",
        data={"dropped": plain(fact.dropped), "unit": line.unit},
    )


def _senders(split: int) -> str:
    return _("one warehouse") if split == 1 else _("%(split)s warehouses") % {"split": split}


def check_ship_to(facts: Facts) -> Iterator[Finding]:
    """The ship-to is one on file and in use."""
    if facts.ship_to is None:
        code = facts.order.ship_to.code or facts.order.ship_to.name or _("none")
        yield Finding(
            code="ship_to_unknown",
            severity="error",
            message=_("The ship-to %(code)s is not on file for %(name)s") % {"code": code, "name": facts.account.name},
            remedy=_("Enter one of the account's ship-to codes"),
        )


def check_dates(facts: Facts) -> Iterator[Finding]:
    """The cancel-after and the last ship date lie ahead, and not before the requested date."""
    order = facts.order
    if order.ship_not_later and order.ship_not_later < facts.today:
        yield Finding(
            code="date_past",
            severity="error",
            message=_("The order is not to be shipped after %(ship_not_later)s, which is past")
            % {"ship_not_later": order.ship_not_later},
            remedy=_("Ask the buyer for a new date"),
        )
    if order.cancel_after and order.cancel_after < facts.today:
        yield Finding(
            code="date_past",
            severity="error",
            message=_("The order is to be cancelled after %(cancel_after)s, which is past")
            % {"cancel_after": order.cancel_after},
            remedy=_("Ask the buyer for a new date"),
        )
    if order.cancel_after and order.requested_on and order.cancel_after < order.requested_on:
        yield Finding(
            code="dates_impossible",
            severity="error",
            message=_("Wanted on %(requested_on)s, but to be cancelled after %(cancel_after)s")
            % {"requested_on": order.requested_on, "cancel_after": order.cancel_after},
            remedy=_("Ask the buyer which date holds"),
        )


def check_restrictions(facts: Facts) -> Iterator[Finding]:
    """Nothing restricted goes to a region where it may not."""
    if facts.ship_to is None:
        return
    for fact in facts.lines:
        if fact.item is not None and facts.ship_to.region in fact.item.restricted_regions:
            yield Finding(
                code="region_restricted",
                severity="error",
                line_no=fact.line.line_no,
                message=_("Line %(line_no)s: %(sku)s may not be shipped to %(region)s")
                % {"line_no": fact.line.line_no, "sku": fact.item.sku, "region": facts.ship_to.region},
                remedy=_("Reject the line"),
            )
