"""Take another item for one that is not sold any more, where the account's policy says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from inventory.queries.packs import base_of
from inventory.queries.substitutes import SENDABLE, Substitute, is_sold, substitutes_of
from orders.choices import FindingAction

if TYPE_CHECKING:
    from distportal.canonical.orders import OrderLine
    from inventory.models import Item

CODE = "substitute"


def substitutes_for(
    lines: Sequence[OrderLine], items: Sequence[Item | None], *, today: dt.date
) -> list[Substitute | None]:
    """For each line the item that may be sent instead of one that is not sold, in a unit that it has; None for most."""
    ended = [item for item in items if item is not None and item.substitutes and not is_sold(item, today, None)]
    if not ended:
        return [None] * len(lines)
    known = substitutes_of(ended, on=today, reasons=SENDABLE)
    return [
        next((one for one in known.get(item.pk, ()) if base_of(one.item, line.quantity, line.unit) is not None), None)
        if item is not None
        else None
        for line, item in zip(lines, items, strict=True)
    ]


def taken_item(
    item: Item | None, substitute: Substitute | None, policy: Mapping[str, FindingAction]
) -> tuple[Item | None, Item | None]:
    """The item that is taken, and the one that was asked where that is another."""
    if substitute is not None and policy.get(CODE) == FindingAction.SUBSTITUTE:
        return substitute.item, item
    return item, None
