"""What a rule gets and what it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from distportal.accounts.models import Account, ShipTo
from distportal.canonical.orders import Order, OrderLine
from inventory.queries.availability import Availability
from inventory.queries.prices import PriceQuote

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One asked line with what we know of it; item, base quantity and quote are None where they are not known."""

    line: OrderLine
    item: Item | None
    base_quantity: Decimal | None
    quote: PriceQuote | None
    availability: Availability | None

    @property
    def our_price(self) -> Decimal | None:
        """Our price per the line's unit, four decimals."""
        if self.quote is None or self.base_quantity is None or not self.line.quantity:
            return None
        return (self.quote.unit_price * self.base_quantity / self.line.quantity).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All a rule may look at: read once, so the same content gives the same findings whatever the channel. `read_at` is
    when, by the database's clock; `price_tolerance` what was agreed with the account, in per cent of our price.
    """

    order: Order
    account: Account
    ship_to: ShipTo | None
    lines: tuple[LineFacts, ...]
    read_at: dt.datetime
    today: dt.date
    total: Decimal
    open_exposure: Decimal
    price_tolerance: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark: `code` is stable, `line_no` empty for the whole order, `remedy` says what would settle it."""

    code: str
    severity: str
    message: str
    remedy: str = ""
    line_no: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[Facts], Iterable[Finding]]
