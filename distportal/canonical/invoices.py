"""An invoice or credit memo as the ERP booked it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.parts import Charge, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One billed line; `amount` is quantity x unit price, in the invoice's currency, without the line's charges."""

    order_line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    description: str = ""
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A billing document. A credit memo has positive amounts, `kind` says which way the money goes;
    `corrects` is then the number of the invoice it credits and `order_key` the key of the credit request."""

    kind: Literal["invoice", "credit_memo"]
    number: str
    order_key: str
    issued_on: dt.date
    due_on: dt.date
    lines: tuple[InvoiceLine, ...]
    total: Decimal
    tax: Decimal = Decimal(0)
    charges: tuple[Charge, ...] = ()
    currency: str = "USD"
    shipment_number: str = ""
    corrects: str = ""
    terms: str = ""
    version: Literal["invoice/1"] = "invoice/1"
