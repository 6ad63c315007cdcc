"""Goods that left a warehouse, as the ERP or a WMS reports them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.parts import Address, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """What of one order line is in one carton; `carton` is 1-based within the shipment. `pack` is units a pack."""

    order_line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    carton: int = 1
    description: str = ""
    pack: int | None = None
    lot: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carton:
    """One carton: the pallet it stands on (0 for none), its weight, and the SSCC-18 it bears, where one is known."""

    number: int
    pallet: int = 0
    weight_lb: Decimal | None = None
    sscc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pallet:
    """One pallet, 1-based within the shipment, with an SSCC-18 of its own."""

    number: int
    weight_lb: Decimal | None = None
    sscc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One departure to one ship-to for one order. Times are aware; `number` is the sender's shipment number."""

    number: str
    order_key: str
    shipped_at: dt.datetime
    ship_from: Address
    ship_to: Address
    lines: tuple[ShipmentLine, ...]
    carrier: str = ""
    tracking_number: str = ""
    bill_of_lading: str = ""
    cartons: int = 1
    weight_lb: Decimal | None = None
    estimated_delivery_on: dt.date | None = None
    trailer: str = ""
    packed: tuple[Carton, ...] = ()
    pallets: tuple[Pallet, ...] = ()
    version: Literal["shipment/1"] = "shipment/1"
