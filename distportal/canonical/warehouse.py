"""What a warehouse that others run is asked to do, and what it says it did."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.parts import Address, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseLine:
    """So much of an item, in the unit of its item master."""

    line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    description: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseOrder:
    """Ship this from there (X12 940). A change replaces what was asked under the same number, a cancel ends it."""

    number: str
    purpose: Literal["original", "change", "cancel"]
    order_number: str
    warehouse: Address
    ship_to: Address
    lines: tuple[WarehouseLine, ...]
    po_number: str = ""
    requested_on: dt.date | None = None
    cancel_after: dt.date | None = None
    ship_complete: bool = False
    version: Literal["warehouse_order/1"] = "warehouse_order/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisedLine:
    """What of one line left, in one carton where `sscc` names it; `status` is an X12 element 368 code."""

    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    line_no: str = ""
    ordered: Decimal | None = None
    status: str = ""
    lot: str = ""
    sscc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseShipment:
    """One departure as the warehouse tells it (X12 945); `order_number` is the number of our instruction."""

    number: str
    order_number: str
    shipped_on: dt.date
    lines: tuple[AdvisedLine, ...]
    po_number: str = ""
    carrier: str = ""
    tracking_number: str = ""
    bill_of_lading: str = ""
    weight_lb: Decimal | None = None
    version: Literal["warehouse_shipment/1"] = "warehouse_shipment/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockTransfer:
    """Goods of ours on their way to a warehouse (X12 943)."""

    number: str
    shipped_on: dt.date
    ship_from: Address
    warehouse: Address
    lines: tuple[WarehouseLine, ...]
    expected_on: dt.date | None = None
    carrier: str = ""
    tracking_number: str = ""
    bill_of_lading: str = ""
    version: Literal["stock_transfer/1"] = "stock_transfer/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What of one line came in; `conditions` say in words what was not as it should be, such as `2 EA damaged`."""

    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    line_no: str = ""
    lot: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceipt:
    """What a warehouse received (X12 944); `transfer_number` is the number of our 943."""

    number: str
    received_on: dt.date
    lines: tuple[ReceivedLine, ...]
    transfer_number: str = ""
    bill_of_lading: str = ""
    version: Literal["transfer_receipt/1"] = "transfer_receipt/1"
