"""The one way in for every order, whatever channel it came by."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import translation

from distportal.accounts.models import User
from distportal.accounts.speaking import ENGLISH
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.remembering import remembering
from orders.process.arriving import Arrivals, Asking, Placement

__all__ = ["Asking", "Placement", "place_order", "place_orders"]


def place_order(
    *, order: AskedOrder, source_key: str, placed_by: User | None = None, placed_name: str = "", again: bool = False
) -> Placement:
    """The order is in, evaluated and on its way. The same `source_key` or the same PO with the same content gives the
    order that is there; the same PO with other content opens one case. With `again` the buyer was shown the orders of
    this PO and wants one more. Raises UnknownAccount.
    """
    asking = Asking(order=order, source_key=source_key, placed_by=placed_by, placed_name=placed_name, again=again)
    return place_orders(askings=[asking])[0]


def place_orders(*, askings: Sequence[Asking]) -> list[Placement]:
    """As `place_order` one after the other, in one transaction and in as many statements as for one: each order sees
    what those before it took. All of them are in or, where this raises, none is. Raises UnknownAccount.
    """
    # What is stored is English, in whatever language the page was from which it came.
    with remembering(), translation.override(ENGLISH):
        for _ in range(3):
            try:
                return _place(askings)
            except IntegrityError:
                continue  # another channel placed the same PO or key at this moment: look again and find it
        return _place(askings)


@transaction.atomic
def _place(askings: Sequence[Asking]) -> list[Placement]:
    arrivals = Arrivals(askings)
    placements = [arrivals.place(asking) for asking in askings]
    arrivals.write()
    return placements
