"""The one price function: contract before general price before list price, by quantity and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from distportal.common.remembering import remembered
from inventory.models import Item, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder, and when it holds; None where it has no end."""

    min_quantity: Decimal
    unit_price: Decimal
    contract: bool = False
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceQuote:
    """The price per base unit for one quantity, why it is so, and the ladder it stands on."""

    unit_price: Decimal
    currency: str
    reason: str
    contract: str
    as_of: dt.datetime
    ladder: tuple[Rung, ...]


def prices_for(
    *,
    account_id: UUID,
    wanted: Mapping[int, Decimal],
    on: dt.date,
    items: Mapping[int, Item] | None = None,
) -> dict[int, PriceQuote]:
    """A quote per item id for the wanted base quantity on a day, in two queries whatever their number; in one where
    the caller has the `items` at hand.
    """
    if items is None:
        items = Item.objects.in_bulk(list(wanted))
    rows: dict[int, list[Price]] = remembered(("inventory.prices", account_id, on), dict)
    _learn(rows, account_id, [item_id for item_id in wanted if item_id not in rows], on)
    return {pk: _quote(items[pk], rows[pk], quantity) for pk, quantity in wanted.items() if pk in items}


def _learn(rows: dict[int, list[Price]], account_id: UUID, item_ids: Sequence[int], on: dt.date) -> None:
    """The valid prices of these items are added to `rows`."""
    if not item_ids:
        return
    valid = Price.objects.filter(
        Q(account_id=account_id) | Q(account=None), Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on
    )
    rows |= {item_id: [] for item_id in item_ids}
    for price in valid.filter(item_id__in=item_ids).order_by("pk").defer("created_at", "updated_at", "erp_version"):
        rows[price.item_id].append(price)


def _quote(item: Item, rows: Sequence[Price], quantity: Decimal) -> PriceQuote:
    contract = [r for r in rows if r.account_id]
    ladder = sorted(contract or rows, key=lambda r: r.min_quantity)
    fitting = [r for r in ladder if r.min_quantity <= quantity]
    rungs = tuple(_rung(row) for row in ladder)
    if not fitting:
        return PriceQuote(
            unit_price=item.list_price,
            currency=item.currency,
            reason="list price",
            contract="",
            as_of=item.as_of,
            ladder=rungs,
        )
    best = fitting[-1]
    return PriceQuote(
        unit_price=best.unit_price,
        currency=best.currency,
        reason=_reason(best),
        contract=best.contract,
        as_of=best.as_of,
        ladder=rungs,
    )


def _rung(row: Price) -> Rung:
    return Rung(
        min_quantity=row.min_quantity,
        unit_price=row.unit_price,
        contract=row.account_id is not None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _reason(row: Price) -> str:
    source = f"contract {row.contract}" if row.account_id else "price list"
    tier = f", from {row.min_quantity.normalize():f}" if row.min_quantity > 1 else ""
    until = f", to {row.valid_until:%d %b %Y}" if row.valid_until else ""
    return f"{source}{tier}{until}"
