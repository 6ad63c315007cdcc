"""A buyer's debit or credit to what it owes, told apart from any payment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.orders import Channel
from distportal.canonical.parts import ItemId, Reference

Side = Literal["debit", "credit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitCreditLine:
    """One reason (X12 element 426) and its amount, above zero; a debit lowers what the buyer will pay.
    `invoice_number` is "" where the head's holds.
    """

    side: Side
    reason: str
    amount: Decimal
    invoice_number: str = ""
    items: tuple[ItemId, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitCredit:
    """One adjustment of what is owed; `number` is its sender's own number of it, `amount` is above zero."""

    channel: Channel
    account: str
    number: str
    issued_on: dt.date
    side: Side
    amount: Decimal
    lines: tuple[DebitCreditLine, ...]
    invoice_number: str = ""
    po_number: str = ""
    currency: str = "USD"
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    version: Literal["debit_credit/1"] = "debit_credit/1"
