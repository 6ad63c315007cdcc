"""What an account is offered of items: its price, what can be promised now, and how it is sold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from distportal.common.among import Among
from distportal.common.marks import A_KEY, SOME_IDS
from distportal.common.prepared import PreparedValues
from distportal.common.site_day import site_day
from distportal.common.units import Pack
from distportal.events.clock import database_now
from inventory.choices import ItemStatus
from inventory.models import Item, ItemCrossReference
from inventory.queries.availability import Availability, WarehouseStock, availability_of
from inventory.queries.ladders import Rung
from inventory.queries.packs import least_of, sold_as, sold_levels, terms_of
from inventory.queries.prices import PriceQuote, prices_for
from inventory.queries.substitutes import is_sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A unit that an item can be ordered in: its price by today's ladder for one, the least that is sold and by how
    many it goes up.
    """

    pack: Pack
    price: Decimal
    least: Decimal
    step: Decimal


@dataclass(frozen=True, kw_only=True)  # no slots: what pages ask several times is worked out once
class Offer:
    """One item with the account's price and what can be promised."""

    item: Item
    quote: PriceQuote
    stock: Availability
    today: dt.date
    own_numbers: tuple[str, ...] = ()

    @cached_property
    def next_rung(self) -> Rung | None:
        """The next cheaper step, for "from 48 at …"."""
        return next((rung for rung in self.quote.ladder if rung.unit_price < self.quote.unit_price), None)

    @cached_property
    def levels(self) -> list[Level]:
        """The levels it is sold in, with what one costs and how many make the least that is sold."""
        return [
            self._level(pack) for pack in sold_levels(self.item) if pack.size != 1 or pack.unit == self.item.base_unit
        ]

    def _level(self, pack: Pack) -> Level:
        terms, size = terms_of(self.item, pack.unit), pack.size
        return Level(
            pack=pack, price=self.price_of(pack) * size, least=terms.above(size) / size, step=terms.step / size
        )

    def price_of(self, pack: Pack) -> Decimal:
        """Per base unit where one of this pack is bought: a tier may begin there."""
        reached = [rung for rung in self.quote.ladder if rung.min_quantity <= pack.size]
        return reached[-1].unit_price if reached else self.quote.unit_price

    @cached_property
    def sold_as(self) -> str:
        """How it is sold, where that is not one by one."""
        return sold_as(self.item)

    @property
    def stocked(self) -> list[WarehouseStock]:
        """The warehouses that have some now."""
        return [place for place in self.stock.by_warehouse if place.available > 0]

    @cached_property
    def can_be_ordered(self) -> bool:
        """Whether the ERP sells it at the moment."""
        return is_sold(self.item, self.today, self.stock)

    @property
    def ending(self) -> str:
        """Until when a discontinued item is sold; empty for all others."""
        if self.item.status != ItemStatus.DISCONTINUED or not self.can_be_ordered:
            return ""
        last = self.item.last_order_on
        if last is None:
            return _("Discontinued, while stock lasts")
        return _("Discontinued, orders until %(day)s") % {"day": date_format(last, "d M Y")}


def offers(items: Sequence[Item], account: Account) -> list[Offer]:
    """The offers of these items to the account, in order, in four queries; prices are those of the least sold."""
    wanted = {i.pk: least_of(i) for i in items}
    today = site_day(database_now())
    quotes = prices_for(account_id=account.pk, wanted=wanted, on=today)
    stock = availability_of(item_ids=list(wanted), shelf_life=account.least_shelf_life)
    own = _own_numbers(list(wanted), account)
    return [
        Offer(item=i, quote=quotes[i.pk], stock=stock[i.pk], today=today, own_numbers=tuple(own.get(i.pk, ())))
        for i in items
    ]


def _own(account_id: UUID, ids: list[int]) -> QuerySet[ItemCrossReference, tuple[int, str]]:
    rows = ItemCrossReference.objects.filter(Among("item_id", ids, of=BigIntegerField()), account=account_id)
    return rows.order_by("code").values_list("item_id", "code")


_OWN = PreparedValues(_own, A_KEY, SOME_IDS)


def _own_numbers(item_ids: Sequence[int], account: Account) -> dict[int, list[str]]:
    """What the account calls the items."""
    found: dict[int, list[str]] = {}
    for item_id, code in _OWN(account.pk, list(item_ids)) if item_ids else ():
        found.setdefault(item_id, []).append(code)
    return found
