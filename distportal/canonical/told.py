"""What other systems are told of a business fact: the data of our webhooks, as a dealer may know it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineTold:
    """A line as it stands now. Quantities are in `unit`, the price is per `unit`."""

    line_no: str
    sku: str
    status: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    confirmed_quantity: Decimal
    shipped_quantity: Decimal
    promised_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTold:
    """An order as it stands when the message is made. `reasons` say why where it was held, rejected or cancelled."""

    number: str
    po_number: str
    account: str
    status: str
    version: int
    currency: str
    total: Decimal
    ordered_on: dt.date
    requested_on: dt.date | None
    ship_to: str
    lines: tuple[OrderLineTold, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLineTold:
    """What of an order line is in the shipment, in `unit`."""

    line_no: str
    sku: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentTold:
    """A shipment of an order. `last_status` is what the carrier told last, in words; empty before."""

    number: str
    order_number: str
    po_number: str
    account: str
    shipped_at: dt.datetime
    carrier: str
    tracking_number: str
    bill_of_lading: str
    cartons: int
    estimated_delivery_on: dt.date | None
    delivered_at: dt.datetime | None
    last_status: str
    lines: tuple[ShippedLineTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTold:
    """An invoice or credit memo; amounts of a credit memo are positive, `corrects` names its invoice."""

    number: str
    kind: str
    account: str
    order_number: str
    po_number: str
    issued_on: dt.date
    due_on: dt.date
    currency: str
    total: Decimal
    tax: Decimal
    corrects: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTold:
    """A dispute. `amount_approved` is told once it is decided."""

    number: str
    account: str
    invoice: str
    status: str
    reason: str
    currency: str
    amount_claimed: Decimal
    amount_approved: Decimal | None
    credit_memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTold:
    """A return and where it stands."""

    number: str
    account: str
    status: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTold:
    """A payment as it was recorded; `trace` finds it again on the bank statement."""

    trace: str
    account: str
    paid_on: dt.date
    currency: str
    amount: Decimal
    method: str
