"""A million stock rows and a million prices merged, against the raw COPY of the same rows and `update_or_create`.

    python -m tests.bench.merge [--rows 1000000] [--sample 2000]

"Raw COPY" brings the same rows, with the same Python feeding them, into a table with the same keys, indexes and foreign
keys: the least that this database needs to take them. A database of its own is made and dropped.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.db import connection, transaction

from distportal.systems.ownership import DEFAULT
from inventory.models import Price, StockLevel
from inventory.process.merging import PRICES, STOCK, merge_rows
from inventory.process.staging import Row
from tests.bench.delta import seconds_until_seen
from tests.bench.table import Figure, tell
from tests.bench.warehouse import found_warehouses, price_ids, price_rows, stock_ids, stock_rows
from tests.databases import drop_test_database, use_test_database

DAYS = ("2026-11-20T02:00:00+00:00", "2026-11-21T02:00:00+00:00", "2026-11-19T02:00:00+00:00")
FIRST, NEWER, OLDER = DAYS
LATEST = "2026-11-22T02:00:00+00:00"
_FOREIGN_KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Seconds for all rows, and for one by `update_or_create`."""

    copy: float
    first: float
    newer: float
    same: float
    one: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2000)
    asked = parser.parse_args()
    settings.SEND_HINTS = False
    name = use_test_database("_merge")
    try:
        found_warehouses(asked.rows)
        print(f"{asked.rows:,} rows of each kind, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        _print("stock", asked.rows, _stock(asked.rows, asked.sample))
        _print("prices", asked.rows, _prices(asked.rows, asked.sample))
        for kind, seconds in seconds_until_seen(asked.rows).items():
            print(f"10,000 changed {kind} read from the feed and seen in the portal in {seconds:.2f} s")
            tell([Figure(what=f"10,000 changed {kind}, feed to page", against="the 2 s allowed", ratio=seconds / 2,
                         at_most=1)])  # fmt: skip
    finally:
        connection.close()
        drop_test_database(name)


def _stock(rows: int, sample: int) -> Result:
    into = "item_id, warehouse_id, on_hand, available, supply_on, supply_quantity, supplies, lots, as_of, erp_version"
    copy = _seconds(lambda: _copy("inventory_stocklevel", into, stock_ids(rows, FIRST)))
    first = _seconds(lambda: _merged(stock_rows(rows, FIRST), rows))
    newer = _seconds(lambda: _merged(stock_rows(rows, NEWER), rows))
    same = _seconds(lambda: _merged(stock_rows(rows, OLDER), 0))
    one = _seconds(lambda: _one_by_one_stock(sample)) / sample
    return Result(copy=copy, first=first, newer=newer, same=same, one=one)


def _prices(rows: int, sample: int) -> Result:
    into = (
        "erp_id, item_id, account_id, price_group, contract, min_quantity, unit_price, currency, valid_from, "
        "valid_until, withdrawn, as_of, erp_version"
    )
    copy = _seconds(lambda: _copy("inventory_price", into, price_ids(rows, FIRST)))
    first = _seconds(lambda: _priced(price_rows(rows, FIRST), rows))
    newer = _seconds(lambda: _priced(price_rows(rows, NEWER), rows))
    same = _seconds(lambda: _priced(price_rows(rows, OLDER), 0))
    one = _seconds(lambda: _one_by_one_prices(sample)) / sample
    return Result(copy=copy, first=first, newer=newer, same=same, one=one)


def _copy(table: str, columns: str, rows: Iterable[Row]) -> None:
    """Into a table like that one, which is dropped afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
        cursor.execute(_FOREIGN_KEYS, [table])
        for (definition,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE bare ADD {definition}")
        with transaction.atomic(), cursor.copy(f"COPY bare (created_at, updated_at, {columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((FIRST, FIRST, *row))
        cursor.execute("DROP TABLE bare")


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _merged(rows: Iterator[Row], expected: int) -> None:
    assert merge_rows(((DEFAULT, *row) for row in rows), into=STOCK).count == expected


def _priced(rows: Iterator[Row], expected: int) -> None:
    assert merge_rows(((DEFAULT, *row) for row in rows), into=PRICES).count == expected


def _one_by_one_stock(sample: int) -> None:
    """What a loop over the page would do; each row in a transaction of its own, as `update_or_create` does."""
    for item_id, warehouse_id, on_hand, available, _, _, _, _, as_of, version in stock_ids(sample, LATEST):
        StockLevel.objects.update_or_create(
            item_id=item_id,
            warehouse_id=warehouse_id,
            defaults={"on_hand": on_hand, "available": available, "as_of": as_of, "erp_version": version},
        )


def _one_by_one_prices(sample: int) -> None:
    for erp_id, item_id, account_id, _, _, least, price, _, _, _, _, as_of, version in price_ids(sample, LATEST):
        Price.objects.update_or_create(
            erp_id=erp_id,
            defaults={
                "item_id": item_id, "account_id": account_id, "min_quantity": least, "unit_price": price,
                "as_of": as_of, "erp_version": version,
            },
        )  # fmt: skip


def _print(kind: str, rows: int, found: Result) -> None:
    print(f"{kind:8}raw COPY {found.copy:.1f} s; update_or_create {1000 * found.one:.2f} ms a row")
    for what, seconds in (("all new", found.first), ("all newer", found.newer), ("nothing new", found.same)):
        print(
            f"        merge, {what:12}{seconds:6.1f} s   {seconds / found.copy:5.2f} x COPY"
            f"   {rows * found.one / seconds:6.0f} x faster than update_or_create"
        )
        one_by_one = rows * found.one / seconds
        tell([
            Figure(what=f"{kind} merged, {what}", against="raw COPY", ratio=seconds / found.copy, at_most=2),
            Figure(what=f"{kind} merged, {what}, rows a second", against="update_or_create", ratio=one_by_one,
                   at_least=50),
        ])  # fmt: skip


if __name__ == "__main__":
    main()
