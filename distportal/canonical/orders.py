"""A purchase order and its change, as every channel hands them to the one intake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.parts import Address, ItemId, Reference

Channel = Literal["edi", "portal", "api", "csv", "crm"]
Purpose = Literal["original", "cancellation", "change", "replace", "confirmation"]
LineChange = Literal["add", "delete", "change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One wanted item: quantity in `unit` (X12 element 355), price in the order's currency per that unit.

    `unit_price` None means "at your contract price". `line_no` is the buyer's own line number, kept for every answer.
    """

    line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    description: str = ""
    requested_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer asked for. `account` is our account code; `ship_to.code` our ship-to code or the buyer's."""

    channel: Channel
    account: str
    po_number: str
    ordered_on: dt.date
    ship_to: Address
    lines: tuple[OrderLine, ...]
    currency: str = "USD"
    purpose: Purpose = "original"
    order_type: str = "SA"
    requested_on: dt.date | None = None
    ship_not_before: dt.date | None = None
    cancel_after: dt.date | None = None
    ship_complete: bool = False
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    version: Literal["order/1"] = "order/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineChange:
    """One changed line; `quantity` and `unit_price` are the values wanted after the change."""

    kind: LineChange
    line_no: str
    items: tuple[ItemId, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    requested_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """A buyer's change to an order it sent before, counted by `sequence` (X12 BCH05)."""

    channel: Channel
    account: str
    po_number: str
    sequence: str
    changed_on: dt.date
    purpose: Purpose = "change"
    lines: tuple[OrderLineChange, ...] = ()
    requested_on: dt.date | None = None
    cancel_after: dt.date | None = None
    notes: tuple[str, ...] = ()
    version: Literal["order_change/1"] = "order_change/1"
