"""What a rule gets and what it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from distportal.accounts.models import Account, ShipTo
from distportal.canonical.orders import Order, OrderLine
from inventory.queries.availability import Availability
from inventory.queries.prices import PriceQuote
from inventory.queries.substitutes import Substitute
from orders.process.fitting import Misfit
from orders.process.routing import Route

if TYPE_CHECKING:
    from inventory.models import Item, ShippingRestriction


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line as it is taken, with what we know of it; what is not known of item, base quantity and quote is None.

    `misfit` says what is wrong with the quantity that was asked, and whether it was rounded. `original` is the item
    that was asked where a substitute is taken; `substitute` what could be, or is, sent instead. `candidates` are the
    SKUs of the items that its names could mean where they mean several. `dropped` is what is short and not wanted then,
    in the line's unit: the line is without it, unless nothing of it is there.
    """

    line: OrderLine
    item: Item | None
    base_quantity: Decimal | None
    quote: PriceQuote | None
    availability: Availability | None
    misfit: Misfit | None = None
    original: Item | None = None
    substitute: Substitute | None = None
    candidates: tuple[str, ...] = ()
    dropped: Decimal = Decimal(0)

    @property
    def our_price(self) -> Decimal | None:
        """Our price per the line's unit, four decimals."""
        if self.quote is None or self.base_quantity is None or not self.line.quantity:
            return None
        return (self.quote.unit_price * self.base_quantity / self.line.quantity).quantize(Decimal("0.0001"))

    @property
    def price(self) -> Decimal | None:
        """The price per unit that goes to the ERP; a stated price within tolerance stays as stated."""
        return self.line.unit_price if self.line.unit_price is not None else self.our_price


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All a rule may look at: read once, so the same content gives the same findings whatever the channel. `read_at` is
    when, by the database's clock; `price_tolerance` what was agreed with the account, in per cent of our price, and
    `order_minimum` the least an order has to come to, in the account's currency. `split` is how many warehouses may
    send one line, `least_part` what a further one sends at least, in the unit that was ordered. `route` is which ERP
    the order goes to; `restrictions` what may not go by every way, by item id.
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
    order_minimum: Decimal | None = None
    split: int = 1
    least_part: Decimal = Decimal(0)
    route: Route | None = None
    restrictions: Mapping[int, Sequence[ShippingRestriction]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark: `code` is stable, `line_no` empty for the whole order, `remedy` says what would settle it."""

    code: str
    severity: str
    message: str
    remedy: str = ""
    line_no: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def beside_line(self) -> str:
        """The message for where the line itself stands: without the words that name it."""
        rest = self.message.partition(f" {self.line_no}: ")[2] if self.line_no else ""
        return rest[:1].upper() + rest[1:] if rest else self.message


Rule = Callable[[Facts], Iterable[Finding]]
