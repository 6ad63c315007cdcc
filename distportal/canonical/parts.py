"""The pieces that several canonical objects share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ItemQualifier = Literal["sku", "upc", "gtin", "buyer", "vendor", "manufacturer", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemId:
    """One name of an item: ours (`sku`), a UPC, the buyer's own number …

    `code` is the X12 element 235 qualifier it came with, so that it goes back under the same one.
    """

    qualifier: ItemQualifier
    value: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place with the code its owner gives it; `code` is enough where the place is on file."""

    code: str = ""
    name: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = "US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A number somebody else knows the object by; `qualifier` is an X12 element 128 code."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An allowance (negative amount) or a charge (positive), by X12 element 1300 code.

    `percent` and `rate` (money per unit) stand where the sender gave no amount; they have the amount's sign. `method`
    is an X12 element 331 code: 02 off invoice, 06 paid by customer …
    """

    code: str
    amount: Decimal
    description: str = ""
    percent: Decimal | None = None
    rate: Decimal | None = None
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Payment terms as the buyer states them: `code` X12 element 336, `basis` element 333 (1 ship date, 3 invoice)."""

    code: str = ""
    basis: str = ""
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    discount_due_on: dt.date | None = None
    net_days: int | None = None
    net_due_on: dt.date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to ask: `function` is an X12 element 366 code (BD buyer, DC delivery), `at` the role of its place."""

    function: str
    name: str = ""
    phone: str = ""
    email: str = ""
    fax: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePlace:
    """A place with the part it plays, by X12 element 98 code: BT bill to, BY buyer, Z7 mark for …"""

    role: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedDate:
    """A date that has no field of its own, by X12 element 374 code."""

    code: str
    on: dt.date
