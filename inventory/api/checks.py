"""What the ERP itself says of stock and prices, from the caches that the pages use: no request makes a call for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from distportal.accounts.models import Account
from distportal.systems.cache.answers import Seen
from distportal.systems.ownership import DEFAULT
from inventory.process.live.prices import Wanted, check_prices
from inventory.process.live.stock import check_stock
from inventory.queries.packs import sold_levels

if TYPE_CHECKING:
    from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How sure an answer is and of when; `figure` is the ERP's own, None where it is not known."""

    how: str
    as_of: dt.datetime | None
    checked_at: dt.datetime | None
    asking: bool
    figure: Decimal | None


def stock_checks(items: Sequence[Item]) -> dict[str, Check]:
    """By SKU what is free by the ERP in all warehouses, before what the portal promised since; one look an ERP."""
    skus: dict[str, list[str]] = {}
    for item in items:
        skus.setdefault(item.erp, []).append(item.sku)
    return {
        sku: _check(seen, _free(seen))
        for erp, of_erp in skus.items()
        for sku, seen in check_stock(skus=of_erp, connection=erp).items()
    }


def price_checks(items: Sequence[Item], account: Account, *, quantity: Decimal, on: dt.date) -> dict[str, Check]:
    """By SKU the ERP's own price per base unit, for so many base units; what is not sold singly is asked by its
    smallest pack. One look an ERP.
    """
    wanted: dict[str, list[tuple[str, Decimal, Wanted]]] = {}
    for item in items:
        level = sold_levels(item)[0]
        line = Wanted(sku=item.sku, unit=level.unit, quantity=max(quantity // level.size, Decimal(1)))
        erp = account.erp if account.erp != DEFAULT else item.erp
        wanted.setdefault(erp, []).append((item.sku, level.size, line))
    found: dict[str, Check] = {}
    for erp, lines in wanted.items():
        seen = check_prices(account=account, wanted=[line for _, _, line in lines], on=on, connection=erp)
        for sku, size, line in lines:
            told = seen[line].value
            found[sku] = _check(seen[line], Decimal(told["unit_price"]) / size if told else None)
    return found


def _free(seen: Seen) -> Decimal | None:
    return None if seen.value is None else sum((Decimal(place["available"]) for place in seen.value), Decimal(0))


def _check(seen: Seen, figure: Decimal | None) -> Check:
    return Check(how=seen.how, as_of=seen.as_of, checked_at=seen.checked_at, asking=seen.asking == "now", figure=figure)
