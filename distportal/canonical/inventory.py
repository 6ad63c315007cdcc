"""Stock and price facts as the authoritative system states them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryEvent:
    """Stock of one item in one warehouse at `as_of` (the source's clock). An older event never overwrites a newer one.

    `available` is what may still be promised, in the item's base unit; `supply_on`/`supply_quantity` the next receipt.
    """

    sku: str
    warehouse: str
    on_hand: Decimal
    available: Decimal
    as_of: dt.datetime
    supply_on: dt.date | None = None
    supply_quantity: Decimal = Decimal(0)
    source_version: str = ""
    version: Literal["inventory_event/1"] = "inventory_event/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceUpdate:
    """One rung of a price ladder: `unit_price` per base unit from `min_quantity` on, for one account or, without, for
    all.
    """

    sku: str
    unit_price: Decimal
    currency: str
    valid_from: dt.date
    as_of: dt.datetime
    account: str = ""
    contract: str = ""
    min_quantity: Decimal = Decimal(1)
    valid_until: dt.date | None = None
    deleted: bool = False
    source_version: str = ""
    version: Literal["price_update/1"] = "price_update/1"
