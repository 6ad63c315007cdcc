"""What becomes of a line of an order, said by what really happened to it (X12 element 668)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from distportal.canonical.orders import OrderLine as AskedLine
from edi.documents.ack_lines import AckStatus
from edi.documents.options import OrderOptions
from edi.process.order_echo import own_items

if TYPE_CHECKING:
    from orders.models import OrderLine

_ENDED = {"rejected": "IR", "cancelled": "ID"}
"""Line status -> X12 element 668: item rejected, item deleted."""
_REASONS = {
    "item_unknown": "R2",
    "item_ambiguous": "R2",
    "item_not_sold": "R4",
    "unit_unknown": "R3",
    "quantity_invalid": "R3",
    "stock_ending": "R4",
    "substitute": "R4",
    "quantity_minimum": "R3",
    "quantity_multiple": "R3",
    "region_restricted": "R1",
}
"""Finding that decided a rejected line -> X12 element 668, for partners who want to be told why."""
_HELD = {"price_differs": "IE", "item_unknown": "IF", "item_ambiguous": "IF"}
"""Finding that holds a line -> X12 element 668: price pending, description incomplete."""
_CHANGED = frozenset({"quantity_minimum", "quantity_multiple", "substitute"})
"""Findings that made a line another one than was asked, which the buyer is told."""
_OUR_NUMBERS = frozenset({"sku", "vendor", "upc", "gtin", "manufacturer"})
"""Names that mean one item for everybody; a buyer's own number means what the buyer says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the buyer asked of the line last, and when of the whole order."""

    line: AskedLine | None
    requested_on: dt.date | None


def statuses_of(row: OrderLine, wanted: Wanted, *, reason: str, options: OrderOptions) -> tuple[AckStatus, ...]:
    """What comes now, what comes later and what does not come; the parts add up to what was ordered."""
    asked = wanted.line.quantity if wanted.line else row.quantity
    if row.status == "held":
        code = _HELD.get(row.status_reason, "IH") if options.exact_codes else "IH"
        return (AckStatus(code, asked, row.unit, reason=reason),)
    if row.status in _ENDED:
        code = _REASONS.get(row.status_reason, "IR") if options.reject_codes else "IR"
        return (AckStatus(code if row.status == "rejected" else "ID", asked, row.unit, reason=reason),)
    now = min(row.confirmed_quantity, row.quantity)
    later = row.quantity - now
    code = _code(row, wanted)
    if options.exact_codes and code == "IA":
        code = accepted_code(comes_later=later > 0, dated=row.promised_on is not None)
    parts = []
    if now > 0:
        substitute = own_items(row) if code == "IS" else ()
        # The one date of a line that is confirmed in part is that of the rest.
        due = None if later > 0 else row.promised_on
        why = reason if row.status_reason in _CHANGED else ""
        parts.append(AckStatus(code, now, row.unit, "068", due, why, items=substitute))
    if later > 0:
        parts.append(AckStatus("IB", later, row.unit, "068", row.promised_on, row.promise_reason))
    if asked > row.quantity and _same_unit(row, wanted):
        parts.append(AckStatus("ID", asked - row.quantity, row.unit, reason=reason))
    return tuple(parts)


def accepted_code(*, comes_later: bool, dated: bool) -> str:
    """The exact code of what is accepted as it was asked: BP where the rest of the line comes later, SP where no day is
    known yet, else IA.
    """
    return "BP" if comes_later else "IA" if dated else "SP"


def _code(row: OrderLine, wanted: Wanted) -> str:
    """IS substituted, IC changed in several ways or in its unit, IP price, IQ quantity, DR date, IA as ordered."""
    line = wanted.line
    if line is None:
        return "IA"
    if _substituted(row, line):
        return "IS"
    price = line.unit_price is not None and row.unit_price is not None and line.unit_price != row.unit_price
    quantity = line.quantity != row.quantity
    if not _same_unit(row, wanted) or (price and quantity):
        return "IC"
    if price or quantity:
        return "IP" if price else "IQ"
    due = line.requested_on or wanted.requested_on
    late = due is not None and row.promised_on is not None and row.promised_on > due
    return "DR" if late and row.confirmed_quantity >= row.quantity else "IA"


def _same_unit(row: OrderLine, wanted: Wanted) -> bool:
    return wanted.line is None or wanted.line.unit == row.unit


def _substituted(row: OrderLine, line: AskedLine) -> bool:
    """Whether a substitute is sent, or the buyer named an item by a number that is not the one it gets."""
    if row.original_item_id is not None:
        return True
    named = {_bare(i.value) for i in line.items if i.qualifier in _OUR_NUMBERS}
    return row.item is not None and bool(named) and not named & {_bare(i.value) for i in own_items(row)}


def _bare(value: str) -> str:
    return "".join(c for c in value.upper() if c.isalnum()).lstrip("0")
