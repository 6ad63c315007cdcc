"""What an item's page says of lots, shelf life and dangerous goods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from distportal.accounts.models import Account
from inventory.models import ShippingRestriction
from inventory.queries.availability import Availability
from inventory.queries.restrictions import restrictions_on

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLot:
    """One lot in one warehouse, in base units; `too_soon` where it expires too soon for this account."""

    warehouse: str
    lot: str
    quantity: Decimal
    expires_on: dt.date | None
    too_soon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """`days` is how many have to be left when goods leave; `restrictions` are sentences."""

    hazard: str
    restrictions: list[str]
    lots: list[ShownLot]
    days: int


def keeping_of(item: Item, stock: Availability, account: Account) -> Keeping:
    """For the page of one item; one query."""
    days = item.least_shelf_life if account.least_shelf_life is None else account.least_shelf_life
    return Keeping(
        hazard=item.hazard_text,
        restrictions=[_sentence(row) for row in restrictions_on([item])[item.pk]],
        lots=[
            ShownLot(
                warehouse=place.name,
                lot=lot.lot,
                quantity=lot.quantity,
                expires_on=lot.expires_on,
                too_soon=bool(lot.expires_on and lot.expires_on < place.timeline.days[0] + dt.timedelta(days=days)),
            )
            for place in stock.by_warehouse
            for lot in place.lots
        ],
        days=days,
    )


def _sentence(row: ShippingRestriction) -> str:
    where = _(" to {places}").format(places=", ".join(row.regions)) if row.regions else ""
    how = _(" by {methods}").format(methods=", ".join(row.methods)) if row.methods else ""
    return _("May not go{where}{how}: {reason}.").format(where=where, how=how, reason=row.reason.rstrip("."))
