"""What the ERP itself says of an item, beside what the portal's own records say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from distportal.accounts.models import Account
from distportal.systems.cache.answers import Seen
from distportal.systems.ownership import DEFAULT
from inventory.models import Item
from inventory.process.live.prices import Wanted, check_prices, other_price
from inventory.process.live.stock import check_stock
from inventory.queries.packs import sold_levels

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChecks:
    """The checks of one item, its price per base unit; `ours` is what our records say of it. What is not sold singly is
    asked for by the smallest pack, which holds `size`.
    """

    ours: Decimal
    size: Decimal
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
        return Decimal(self.price.value["unit_price"]) / self.size if self.price.value else None

    @property
    def other_price(self) -> Decimal | None:
        """The ERP's price where it is another one than ours."""
        other = other_price(self.ours * self.size, self.price)
        return None if other is None else other / self.size

    @property
    def asking(self) -> bool:
        """Whether an answer of the ERP is on its way."""
        return "now" in (self.stock.asking, self.price.asking)


def item_checks(item: Item, account: Account, *, ours: Decimal, on: dt.date) -> ItemChecks:
    """What is known at once, of the ERP that the item or the account is with; no call is made for it. `ours` is per
    base unit, for one of the smallest level sold.
    """
    level = sold_levels(item)[0]
    moved = account.erp if account.erp != DEFAULT else item.erp
    wanted = Wanted(sku=item.sku, unit=level.unit, quantity=ONE)
    return ItemChecks(
        ours=ours,
        size=level.size,
        stock=check_stock(skus=[item.sku], connection=item.erp)[item.sku],
        price=check_prices(account=account, wanted=[wanted], on=on, connection=moved)[wanted],
    )
