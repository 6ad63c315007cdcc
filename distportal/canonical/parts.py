"""The pieces that several canonical objects share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ItemQualifier = Literal["sku", "upc", "gtin", "buyer", "vendor", "manufacturer", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemId:
    """One name of an item: ours (`sku`), a UPC, the buyer's own number …"""

    qualifier: ItemQualifier
    value: str


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
    """An allowance (negative amount) or a charge (positive), by X12 element 1300 code."""

    code: str
    amount: Decimal
    description: str = ""
