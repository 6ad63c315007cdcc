"""A purchase order and its change, as every channel hands them to the one intake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.parts import (
    Address,
    Charge,
    CodedDate,
    Contact,
    ItemId,
    Reference,
    RolePlace,
    Terms,
)

Channel = Literal["edi", "portal", "api", "csv", "crm", "market"]
Purpose = Literal["original", "cancellation", "change", "replace", "confirmation", "duplicate"]
LineShipping = Literal["", "rest", "drop"]
LineChange = Literal["add", "delete", "change", "replace", "none", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of a kit or an assortment: how much of it is in one unit of the line (X12 SLN)."""

    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    description: str = ""
    relation: str = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuantity:
    """How much of a line is for one place, by the buyer's code of it (X12 SDQ)."""

    place: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedQuantity:
    """How much of a line is wanted on a day (X12 SCH): `code` says by X12 element 374 what the day is, `until` is a
    second day, `place` the buyer's code of where it goes, where the line goes to several places.
    """

    quantity: Decimal
    on: dt.date
    code: str = ""
    until: dt.date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One wanted item: quantity in `unit` (X12 element 355), price in the order's currency per that unit.

    `unit_price` None means "at your contract price". `line_no` is the buyer's own line number, kept for every answer.
    `po_quantity` is what the whole PO orders of the line where the order is only a part of it: prices go by that.
    `schedule` are the days of a line that is wanted on several; an order has a line of its own for each of them, with
    the buyer's number in `buyer_line`.
    `shipping` is the buyer's choice for one line: "" leaves as its goods are there, "rest" together with the rest of
    the order, "drop" only what is there when the order is accepted: what is short of it is not wanted.
    """

    line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    description: str = ""
    requested_on: dt.date | None = None
    charges: tuple[Charge, ...] = ()
    components: tuple[Component, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[CodedDate, ...] = ()
    distribution: tuple[PlaceQuantity, ...] = ()
    po_quantity: Decimal | None = None
    schedule: tuple[DatedQuantity, ...] = ()
    buyer_line: str = ""
    shipping: LineShipping = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer asked for. `account` is our account code; `ship_to.code` our ship-to code or the buyer's.

    `part` is set where a PO for several ship-tos becomes one order each: PO number and part together are the order's
    name then. `carrier` is a SCAC or a name, `transport` X12 element 91, `freight_terms` 146, `sales_terms` 563.
    """

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
    part: str = ""
    ship_not_later: dt.date | None = None
    dates: tuple[CodedDate, ...] = ()
    charges: tuple[Charge, ...] = ()
    terms: tuple[Terms, ...] = ()
    contacts: tuple[Contact, ...] = ()
    places: tuple[RolePlace, ...] = ()
    freight_terms: str = ""
    carrier: str = ""
    transport: str = ""
    sales_terms: str = ""
    version: Literal["order/1"] = "order/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineChange:
    """One changed line; `quantity` and `unit_price` are the values wanted after the change, None leaves them.

    `replace` gives the whole line anew, `none` leaves it, `ask` is for a person. `code` is the sender's own word for
    the change (X12 element 670); QI and QD say that the quantity goes up or down. `schedule` and `buyer_line` as in an
    OrderLine.
    """

    kind: LineChange
    line_no: str
    items: tuple[ItemId, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    requested_on: dt.date | None = None
    code: str = ""
    description: str = ""
    distribution: tuple[PlaceQuantity, ...] = ()
    schedule: tuple[DatedQuantity, ...] = ()
    buyer_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """A buyer's change to an order it sent before, counted by `sequence` (X12 BCH05).

    A `cancellation` ends the order and needs no lines; a `replace` gives all lines anew, what it leaves out is deleted.
    """

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
    ordered_on: dt.date | None = None
    ship_not_before: dt.date | None = None
    ship_not_later: dt.date | None = None
    ship_to: Address | None = None
    references: tuple[Reference, ...] = ()
    version: Literal["order_change/1"] = "order_change/1"
