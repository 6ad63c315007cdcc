"""What may be sent or offered instead of an item, and until when an item is sold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inventory.choices import ItemStatus, SubstituteReason
from inventory.models import Item

if TYPE_CHECKING:
    from inventory.queries.availability import Availability

SENDABLE = frozenset({SubstituteReason.REPLACED_BY, SubstituteReason.EQUIVALENT})
"""Reasons for which another item may be sent; a better one is only offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """An item that may stand for another, and why."""

    item: Item
    reason: SubstituteReason


def is_sold(item: Item, on: dt.date, stock: Availability | None) -> bool:
    """Whether it can be ordered: active, or discontinued and not yet at its end. Without `stock` it counts as there."""
    if item.status != ItemStatus.DISCONTINUED:
        return item.status == ItemStatus.ACTIVE
    if item.last_order_on is not None and item.last_order_on < on:
        return False
    return item.last_order_on is not None or (item.while_stock_lasts and (stock is None or stock.total > 0))


def ends_with_stock(item: Item) -> bool:
    """Whether nothing more of it will come."""
    return item.status == ItemStatus.DISCONTINUED and item.while_stock_lasts


def substitutes_of(
    items: Collection[Item], *, on: dt.date, reasons: Collection[SubstituteReason] = tuple(SubstituteReason)
) -> dict[int, list[Substitute]]:
    """By item id what may stand for it on a day and is sold itself, the first to be taken first; one query, none where
    no item names any. An item never stands for itself, and none is followed to a third.
    """
    told = {item.pk: [one for one in item.substitutes if _holds(one, on, reasons)] for item in items}
    skus = {one["sku"] for ones in told.values() for one in ones}
    if not skus:
        return {item.pk: [] for item in items}
    known = {item.sku: item for item in Item.objects.filter(sku__in=skus) if is_sold(item, on, None)}
    return {pk: list(_found(pk, ones, known)) for pk, ones in told.items()}


def _found(pk: int, told: Iterable[Mapping[str, Any]], known: Mapping[str, Item]) -> Iterable[Substitute]:
    for one in sorted(told, key=lambda one: (one["priority"], one["sku"])):
        item = known.get(one["sku"])
        if item is not None and item.pk != pk:
            yield Substitute(item=item, reason=SubstituteReason(one["reason"]))


def _holds(told: Mapping[str, Any], on: dt.date, reasons: Collection[SubstituteReason]) -> bool:
    begins, ends = told["valid_from"], told["valid_until"]
    return (
        told["reason"] in reasons
        and (begins is None or dt.date.fromisoformat(begins) <= on)
        and (ends is None or on <= dt.date.fromisoformat(ends))
    )
