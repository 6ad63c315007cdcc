"""Stock of items as the ERP says now: several items are one call, and what it says is merged like news of the feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from distportal.events.clock import database_now
from distportal.systems.cache.answers import NEVER, Ages, Answer, CachedRead, Seen, cached_read
from distportal.systems.cache.looking import look_up
from distportal.systems.errors import Misconfigured
from distportal.systems.ownership import hold_ownership
from distportal.systems.registry import erp
from inventory.models import StockLevel
from inventory.process.applying import apply_stock
from inventory.process.live.scoped import read_scoped
from inventory.process.owned import owned_changes
from inventory.queries.feeds import feed_read_at


def check_stock(*, skus: Sequence[str], connection: str = "default") -> dict[str, Seen]:
    """By SKU what the ERP told last, `[{warehouse, on_hand, available}]` in base units, and when it said so. As long as
    the feed of stock is read it is not asked at all.
    """
    return look_up(STOCK, skus, connection=connection)


def _fetch(connection: str, skus: Sequence[str]) -> Mapping[str, Answer]:
    port = erp(connection)
    if port.capabilities().answer_within is not None:
        raise Misconfigured("erp.not_offered", "an ERP behind files cannot be asked for stock")
    changes = read_scoped(port, "stock", {"sku": ",".join(skus)})
    with transaction.atomic():
        hold_ownership()
        ours = owned_changes("stock", changes, of=connection)
        apply_stock(ours, erp=connection)
    now, rows = database_now(), [dict(change.payload) for change in ours]
    return _answers(rows, dict.fromkeys(skus, now))


def _snapshot(connection: str, skus: Sequence[str]) -> Mapping[str, Answer]:
    levels = StockLevel.objects.filter(item__sku__in=skus).order_by("warehouse__code")
    names = ("item__sku", "warehouse__code", "on_hand", "available", "as_of")
    shown = ("sku", "warehouse", "on_hand", "available", "as_of")
    rows = [dict(zip(shown, row, strict=True)) for row in levels.values_list(*names)]
    read_at = feed_read_at("stock", of=connection) or NEVER
    return _answers(rows, dict.fromkeys(skus, read_at))


def _answers(rows: Sequence[Mapping[str, Any]], checked: Mapping[str, dt.datetime]) -> dict[str, Answer]:
    """One answer per SKU, as new as the newest of its rows."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["sku"], []).append(row)
    return {
        sku: Answer(
            value=[{name: str(row[name]) for name in ("warehouse", "on_hand", "available")} for row in _sorted(places)],
            as_of=max(_moment(row["as_of"]) for row in places),
            checked_at=checked[sku],
        )
        for sku, places in found.items()
    }


def _sorted(places: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(places, key=lambda row: str(row["warehouse"]))


def _moment(told: dt.datetime | str) -> dt.datetime:
    return told if isinstance(told, dt.datetime) else dt.datetime.fromisoformat(told)


STOCK = cached_read(
    CachedRead(name="stock", ages=Ages(soft=60, hard=3600, unknown=60), fetch=_fetch, snapshot=_snapshot)
)
