"""What the ERP itself says of an item, beside what the portal's own records say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.accounts.models import Account
from distportal.systems.cache.answers import Seen
from inventory.models import Item
from inventory.process.live.prices import Wanted, check_prices, other_price
from inventory.process.live.stock import check_stock

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChecks:
    """The checks of one item, its price for one base unit; `ours` is what our records say of it."""

    ours: Decimal
    stock: Seen
    price: Seen

    @property
    def available(self) -> Decimal | None:
        """Free in all warehouses by the ERP, before what the portal promised since; None where it is not known."""
        if self.stock.value is None:
            return None
        return sum((Decimal(place["available"]) for place in self.stock.value), Decimal(0))

    @property
    def unit_price(self) -> Decimal | None:
        """What the ERP would charge; None where it did not say or does not sell it."""
        return Decimal(self.price.value["unit_price"]) if self.price.value else None

    @property
    def other_price(self) -> Decimal | None:
        """The ERP's price where it is another one than ours."""
        return other_price(self.ours, self.price)

    @property
    def asking(self) -> bool:
        """Whether an answer of the ERP is on its way."""
        return "now" in (self.stock.asking, self.price.asking)


def item_checks(item: Item, account: Account, *, ours: Decimal, on: dt.date) -> ItemChecks:
    """What is known at once; no call is made for it."""
    wanted = Wanted(sku=item.sku, unit=item.base_unit, quantity=ONE)
    return ItemChecks(
        ours=ours,
        stock=check_stock(skus=[item.sku])[item.sku],
        price=check_prices(account=account, wanted=[wanted], on=on)[wanted],
    )
