"""In which units and quantities an item can be ordered: exact, in base units, and never rounded without being told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
        said.append(_(" or ").join(packed_as(pack) for pack in sold))
    if item.order_multiple > 0 and any(pack.size % item.order_multiple for pack in sold):
        said.append(_("multiples of %(size)s %(unit)s") % {"size": plain(item.order_multiple), "unit": base.unit})
    text = _("Sold in %(packs)s") % {"packs": _(", in ").join(said)} if said else ""
    if item.min_quantity <= 1:
        return text
    least = {"how": text, "least": plain(item.min_quantity), "unit": base.unit}
    return (_("%(how)s, at least %(least)s %(unit)s") if text else _("Sold, at least %(least)s %(unit)s")) % least


_PACKS = {
    "CA": gettext_noop("cases of %(size)s"), "CT": gettext_noop("cartons of %(size)s"),
    "BX": gettext_noop("boxes of %(size)s"), "PK": gettext_noop("packs of %(size)s"),
    "DZ": gettext_noop("dozens of %(size)s"), "PL": gettext_noop("pallets of %(size)s"),
    "BG": gettext_noop("bags of %(size)s"), "RL": gettext_noop("rolls of %(size)s"),
    "ST": gettext_noop("sets of %(size)s"), "PR": gettext_noop("pairs of %(size)s"),
}  # fmt: skip


_NAMES = (
    gettext_noop("each"), gettext_noop("case"), gettext_noop("carton"), gettext_noop("box"), gettext_noop("pack"),
    gettext_noop("dozen"), gettext_noop("pair"), gettext_noop("set"), gettext_noop("roll"), gettext_noop("pallet"),
    gettext_noop("bag"), gettext_noop("piece"), gettext_noop("unit"), gettext_noop("pound"), gettext_noop("foot"),
)  # fmt: skip
"""What `Pack.name` can be, so that the catalogue has the words."""


def unit_name(pack: Pack) -> str:
    """`case` in the reader's language, or the code where it has no name."""
    return _(pack.name) if pack.name in _NAMES else pack.unit


def units_offered(item: Item) -> str:
    """`EA, or CS of 12`: every unit that the item has."""
    words = _("%(unit)s of %(size)s")
    told = (words % {"unit": p.unit, "size": plain(p.size)} if p.size != 1 else p.unit for p in item.levels)
    return _(", or ").join(told)


def packed_as(pack: Pack) -> str:
    """`cases of 12`; by its code where the unit has no name."""
    words = _PACKS.get(pack.unit, gettext_noop("%(unit)s of %(size)s"))
    return _(words) % {"size": plain(pack.size), "unit": pack.unit}


def least_of(item: Item) -> Decimal:
    """The least that is sold of it, in base units."""
    first = sold_levels(item)[0]
    return terms_of(item, first.unit).above(first.size)
