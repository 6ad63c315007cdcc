"""Payment terms as the ERP writes them: `Net 30`, `2% 10 Net 30`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from distportal.common.money import to_cents

_DISCOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*%\D{0,5}(\d{1,3})", re.I)
_NET = re.compile(r"\bnet\s*(\d{1,3})\b|\bn/?(\d{1,3})\b", re.I)


@dataclass(frozen=True, slots=True)
class Terms:
    """Percent off within `discount_days` of the invoice, the whole within `net_days`; None where the words say no."""

    discount_percent: Decimal | None = None
    discount_days: int | None = None
    net_days: int | None = None

    def discount_until(self, issued_on: dt.date) -> dt.date | None:
        """The last day of the discount."""
        return None if self.discount_days is None else issued_on + dt.timedelta(days=self.discount_days)

    def discount_of(self, amount: Decimal) -> Decimal:
        """What may be taken off an amount, in cents; nothing without a discount."""
        return to_cents(amount * self.discount_percent / 100) if self.discount_percent else Decimal(0)


def read_terms(words: str) -> Terms:
    """The terms that the words tell; words that tell none give empty terms."""
    discount, net = _DISCOUNT.search(words), _NET.search(words)
    days = (net.group(1) or net.group(2)) if net else None
    return Terms(
        discount_percent=Decimal(discount.group(1)) if discount else None,
        discount_days=int(discount.group(2)) if discount else None,
        net_days=int(days) if days else None,
    )
