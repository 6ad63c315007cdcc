"""What a buyer says a payment is for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from distportal.canonical.orders import Channel
from distportal.canonical.parts import Reference

PaidKind = Literal["invoice", "credit_memo", "po", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Why a payment differs: below zero is a deduction. `reason` is an X12 element 426 code, `kind` and `number` name
    the document it is about, where it names one.
    """

    amount: Decimal
    reason: str = "ZZ"
    kind: PaidKind = "other"
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceLine:
    """What is paid of one document; `paid` is `gross` less `discount` plus the adjustments, as the payer counts."""

    kind: PaidKind
    number: str
    paid: Decimal
    gross: Decimal | None = None
    discount: Decimal = Decimal(0)
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """One payment. `amount` is the sum of what the lines pay and of the adjustments beside them; `trace` finds it
    again on the bank statement, `method` is an X12 element 591 code (ACH, CHK, FWT …).
    """

    channel: Channel
    account: str
    trace: str
    paid_on: dt.date
    amount: Decimal
    lines: tuple[RemittanceLine, ...]
    adjustments: tuple[Adjustment, ...] = ()
    method: str = ""
    currency: str = "USD"
    payer: str = ""
    payee: str = ""
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    version: Literal["remittance/1"] = "remittance/1"
