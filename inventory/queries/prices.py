"""The one price function: contract before price list before list price, by quantity and date, in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from distportal.common.remembering import remembered
from inventory.queries.ladders import HeldPrice, Rung, ladder_of, price_at

_HELD = """
SELECT i.id, i.list_price, i.currency, i.as_of, p.id, p.account_id IS NOT NULL, p.price_group, p.contract,
       p.min_quantity, p.unit_price, p.currency, p.valid_from, p.valid_until, p.as_of
  FROM inventory_item i
  LEFT JOIN accounts_account a ON a.id = %(account)s
  LEFT JOIN inventory_price p
         ON p.item_id = i.id AND NOT p.withdrawn AND p.currency = a.currency
        AND (p.account_id = a.id OR p.account_id IS NULL AND p.price_group IN ('', a.price_group))
        AND p.valid_from <= %(day)s AND (p.valid_until IS NULL OR p.valid_until >= %(day)s)
 WHERE i.id = ANY(%(items)s)
 ORDER BY p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceQuote:
    """The price per base unit for one quantity, why it is so, and the ladder it stands on."""

    unit_price: Decimal
    currency: str
    reason: str
    contract: str
    as_of: dt.datetime
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class _Priced:
    """An item's own list price, and all prices that hold for the account on the day."""

    list_price: Decimal
    currency: str
    as_of: dt.datetime
    prices: list[HeldPrice]


def prices_for(*, account_id: UUID, wanted: Mapping[int, Decimal], on: dt.date) -> dict[int, PriceQuote]:
    """A quote per item id for the wanted base quantity on a day, in one query whatever their number. Prices count in
    the account's currency; items that do not exist have no quote.
    """
    known: dict[int, _Priced] = remembered(("inventory.prices", account_id, on), dict)
    _learn(known, account_id, [item_id for item_id in wanted if item_id not in known], on)
    return {item_id: _quote(known[item_id], quantity) for item_id, quantity in wanted.items() if item_id in known}


def foresee_prices(*, account_id: UUID, item_ids: Sequence[int], on: dt.date) -> None:
    """What `prices_for` asks of these items is read in one query, for as long as facts are remembered."""
    known: dict[int, _Priced] = remembered(("inventory.prices", account_id, on), dict)
    _learn(known, account_id, [item_id for item_id in item_ids if item_id not in known], on)


def _learn(known: dict[int, _Priced], account_id: UUID, item_ids: Sequence[int], on: dt.date) -> None:
    """What holds of these items is added to `known`."""
    if not item_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"account": account_id, "day": on, "items": list(item_ids)})
        for item_id, list_price, currency, as_of, key, *rest in cursor.fetchall():
            priced = known.setdefault(item_id, _Priced(list_price, currency, as_of, []))
            if key is not None:
                priced.prices.append(HeldPrice(key, *rest))


def _quote(priced: _Priced, quantity: Decimal) -> PriceQuote:
    best = price_at(priced.prices, quantity)
    ladder = ladder_of(priced.prices)
    if best is None:
        return PriceQuote(
            unit_price=priced.list_price,
            currency=priced.currency,
            reason=_("list price"),
            contract="",
            as_of=priced.as_of,
            ladder=ladder,
        )
    return PriceQuote(
        unit_price=best.unit_price,
        currency=best.currency,
        reason=best.reason,
        contract=best.contract,
        as_of=best.as_of,
        ladder=ladder,
    )
