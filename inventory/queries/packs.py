"""In which units and quantities an item can be ordered: exact, in base units, and never rounded without being told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.canonical.base import plain
from distportal.canonical.parts import ItemId
from distportal.common.errors import Invalid
from distportal.common.units import MEASURED, SMALLEST, Pack, common_step, stepped, to_base
from inventory.queries.items import BARCODES, normalise_barcode

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a quantity has to be: at least `least` and a whole multiple of `step`, both in base units."""

    least: Decimal
    step: Decimal

    def allow(self, base: Decimal) -> bool:
        """Whether the quantity can be sold as it is."""
        return base >= self.least and base % self.step == 0

    def above(self, base: Decimal) -> Decimal:
        """The next quantity that can be sold, from this one on."""
        return stepped(max(base, self.least), step=self.step, up=True)

    def below(self, base: Decimal) -> Decimal | None:
        """The next quantity below that can be sold; None where nothing below is enough."""
        found = stepped(base, step=self.step, up=False)
        return found if found >= self.least and found > 0 else None


def base_of(item: Item, quantity: Decimal, unit: str) -> Decimal | None:
    """The quantity in base units; None for a unit that the item does not have."""
    try:
        return to_base(quantity, unit=unit, packs=item.levels)
    except Invalid:
        return None


def sold_levels(item: Item) -> tuple[Pack, ...]:
    """The levels that it is sold in, the smallest first; all where the ERP marks none as sold."""
    sold = tuple(pack for pack in item.levels if pack.sold)
    return sold or item.levels


def terms_of(item: Item, unit: str) -> Terms:
    """What a quantity asked in `unit` has to be, so that it is whole in that unit and in one the item is sold in.

    Raises Invalid for a unit that the item does not have.
    """
    sold = sold_levels(item)
    asked = next((pack for pack in sold if pack.unit == unit), None)
    sizes = [(asked or sold[0]).size]
    if asked is None:
        sizes.append(to_base(Decimal(1), unit=unit, packs=item.levels))
    if unit in MEASURED:
        sizes = [SMALLEST]
    if item.order_multiple > 0:
        sizes.append(item.order_multiple)
    return Terms(least=item.min_quantity, step=common_step(*sizes))


def sales_level(item: Item, base: Decimal, unit: str) -> Pack | None:
    """The level in which the ERP gets so much: as asked where it is sold so, else the largest that makes it whole; None
    where no level does.
    """
    sold = sold_levels(item)
    asked = next((pack for pack in sold if pack.unit == unit), None)
    return asked or next((pack for pack in reversed(sold) if base % pack.size == 0), None)


def scanned_level(item: Item, names: Collection[ItemId]) -> Pack | None:
    """The level whose barcode a line names, where no two levels bear the same."""
    named = {normalise_barcode(name.value) for name in names if name.qualifier in BARCODES}
    found = [pack for pack in item.levels if pack.barcode and normalise_barcode(pack.barcode) in named]
    return found[0] if len(found) == 1 else None


def sold_as(item: Item) -> str:
    """`Sold in cases of 12, at least 24 EA`, as it is told before anybody orders; empty where each one is sold."""
    sold, base = sold_levels(item), item.levels[0]
    said = []
    if sold[0].size != 1:
        said.append(" or ".join(f"{pack.name}s of {plain(pack.size)}" for pack in sold))
    if item.order_multiple > 0 and any(pack.size % item.order_multiple for pack in sold):
        said.append(f"multiples of {plain(item.order_multiple)} {base.unit}")
    text = f"Sold in {', in '.join(said)}" if said else ""
    if item.min_quantity <= 1:
        return text
    return f"{text or 'Sold'}, at least {plain(item.min_quantity)} {base.unit}"


def least_of(item: Item) -> Decimal:
    """The least that is sold of it, in base units."""
    first = sold_levels(item)[0]
    return terms_of(item, first.unit).above(first.size)
