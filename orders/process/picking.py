"""Put chosen rows of a list, of what was bought before, or of an old order into the cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.common.errors import Invalid, NotFound
from inventory.queries.packs import base_of
from orders.models import Draft
from orders.process.drafts import Wanted, put_into_draft

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True)
class Pick:
    """One row as somebody left it: a quantity or none, and whether it is ticked."""

    key: str
    quantity: Decimal | None
    unit: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a row offers: the item, and what a tick without a quantity means."""

    item: Item
    quantity: Decimal
    unit: str


@transaction.atomic
def take_picks(*, draft: Draft, picks: Sequence[Pick], choices: Mapping[str, Choice]) -> int:
    """How many rows went into the cart: those with a quantity, and those ticked without one at what the row means. All
    or none. Raises Invalid where nothing was chosen or a unit does not fit, NotFound for a row that is gone.
    """
    wanted = []
    for pick in picks:
        if pick.quantity is None and not pick.ticked:
            continue
        choice = choices.get(pick.key)
        if choice is None:
            raise NotFound(_("A row that you chose is not there any more; nothing was added. Load the page again."))
        unit = pick.unit or choice.unit
        quantity = pick.quantity or (choice.quantity if unit == choice.unit else Decimal(1))
        if base_of(choice.item, quantity, unit) is None:
            raise Invalid(
                _("%(sku)s is not sold by %(unit)s; nothing was added.") % {"sku": choice.item.sku, "unit": unit}
            )
        wanted.append(Wanted(choice.item, unit, quantity))
    if not wanted:
        raise Invalid(_("Nothing was chosen: type a quantity or tick a row. The cart is as it was."))
    put_into_draft(draft=draft, wanted=wanted)
    return len(wanted)
