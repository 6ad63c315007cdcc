"""Which differences on an invoice are small enough to be let through."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q

from orders.models import InvoiceTolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """The figures that hold for one account: per cent of the agreed price or the sent quantity, and what a line may
    come to at most, in the invoice's currency. None limits nothing. `whose` says in words where they come from.
    """

    whose: str
    price_percent: Decimal | None = None
    price_amount: Decimal | None = None
    quantity_percent: Decimal | None = None
    quantity_amount: Decimal | None = None

    def allows_price(self, *, over: Decimal, agreed: Decimal, amount: Decimal) -> bool:
        """Whether a price may be `over` the agreed one, the line coming to `amount` too much."""
        return _within(over, agreed, self.price_percent, amount, self.price_amount)

    def allows_quantity(self, *, unsent: Decimal, sent: Decimal, amount: Decimal) -> bool:
        """Whether so much more may be billed than was sent, the line coming to `amount` too much."""
        return _within(unsent, sent, self.quantity_percent, amount, self.quantity_amount)


STRICT = Tolerance(whose="nobody's")
"""Nothing is let through."""


def tolerance_of(account_id: UUID) -> Tolerance:
    """The account's own tolerance, else everybody's, else STRICT; one query. An account's own stands alone: what
    everybody's says besides does not count for it.
    """
    rows = InvoiceTolerance.objects.filter(Q(account=account_id) | Q(account=None), active=True)
    row = rows.order_by(F("account").asc(nulls_last=True)).select_related("account").first()
    if row is None:
        return STRICT
    return Tolerance(
        whose=f"the tolerance of {row.account.code}" if row.account else "everybody's tolerance",
        price_percent=row.price_percent,
        price_amount=row.price_amount,
        quantity_percent=row.quantity_percent,
        quantity_amount=row.quantity_amount,
    )


def _within(off: Decimal, base: Decimal, percent: Decimal | None, amount: Decimal, most: Decimal | None) -> bool:
    if percent is None and most is None:
        return False
    return (percent is None or off * 100 <= base * percent) and (most is None or amount <= most)
