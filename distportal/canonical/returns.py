"""Goods a buyer wants to send back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.orders import Channel
from distportal.canonical.parts import ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """One returned item with its reason (X12 element 1293 code) and what the buyer wants for it. `line_no` is the
    buyer's own number of the line; without `invoice_number` the newest invoice that has room for it holds.
    """

    invoice_number: str
    order_line_no: str
    items: tuple[ItemId, ...]
    quantity: Decimal
    unit: str
    reason: str
    wish: Literal["credit", "replace", "repair"] = "credit"
    po_number: str = ""
    line_no: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return request; `reference` is the buyer's own number of it, `number` the RMA number once we gave one."""

    channel: Channel
    account: str
    requested_on: dt.date
    lines: tuple[ReturnLine, ...]
    number: str = ""
    reference: str = ""
    notes: tuple[str, ...] = ()
    version: Literal["return/1"] = "return/1"
