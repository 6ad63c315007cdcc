"""How many calls the ERP gets for what people look at, with the cache and without it, by the ERP's own ledger.

    python -m tests.bench.cache [--looks 2000] [--items 100] [--readers 4]

Readers look at carts of five items each, most of them at the same few, while workers ask a sandbox ERP of this run for
what is missing. Half-way everything is past its soft age. A database of its own is made and dropped.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from decimal import Decimal
from pathlib import Path

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.db import connection

from distportal.accounts.models import Account
from distportal.accounts.seeds import seed_accounts
from distportal.common.redis_client import cache_redis
from distportal.events.clock import database_now
from distportal.events.sweeper import work_lane
from distportal.systems.registry import forget_connections
from inventory.models import Item
from inventory.process.live.prices import PRICES, Wanted, check_prices
from inventory.process.sync import sync_feed
from tests.bench.table import Figure, tell
from tests.databases import drop_test_database, use_test_database
from tests.sandbox import SandboxProcess

CART = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=int, default=2000)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--readers", type=int, default=4)
    asked = parser.parse_args()
    settings.SEND_HINTS = False
    settings.CACHE_URL = f"{settings.CACHE_URL.partition('?')[0]}?db=15"  # a portal's own cache is left alone
    cache_redis.cache_clear()
    cache_redis().flushdb()
    name = use_test_database("_cache")
    with tempfile.TemporaryDirectory() as folder:
        erp = SandboxProcess(Path(folder), "--per-family", "40")
        erp.start()
        try:
            _measure(erp, asked.looks, asked.items, asked.readers)
        finally:
            erp.stop()
            connection.close()
            drop_test_database(name)


def _measure(erp: SandboxProcess, looks: int, items: int, readers: int) -> None:
    limits = {"url": erp.url, "token": erp.token, "rate_per_minute": 100_000}
    settings.ERP_ADAPTERS = {"default": {**settings.ERP_ADAPTERS["default"], **limits}}
    forget_connections()
    seed_accounts()
    for kind in ("item", "stock", "price"):
        sync_feed(kind=kind)  # type: ignore[arg-type]
    rows = list(Item.objects.order_by("sku").values_list("sku", "base_unit")[:items])
    before, began, stop = _quotes(erp), time.monotonic(), threading.Event()
    worker = threading.Thread(target=_work, args=(stop,))
    worker.start()
    for seed in (0, 1):
        threads = [
            threading.Thread(target=_look, args=(rows, looks // readers // 2, seed * readers + reader))
            for reader in range(readers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _past_soft_age()
    seconds = time.monotonic() - began
    stop.set()
    worker.join()
    made = _quotes(erp) - before
    print(f"{looks:,} carts of {CART} of {items} items by {readers} readers, {os.cpu_count()} cores, {seconds:.0f} s")
    print(f"calls at the ERP without a cache {looks:,}, with it {made:,}: one for {looks / max(made, 1):,.0f} looks")
    tell([Figure(what="carts looked at for each call at the ERP", against="without a cache", ratio=looks / max(made, 1),
                 at_least=2)])  # fmt: skip


def _look(rows: list[tuple[str, str]], times: int, seed: int) -> None:
    """Some items are looked at far more often than others."""
    chance, account = random.Random(seed), Account.objects.get(code="HARBOR")
    try:
        for _ in range(times):
            cart = {rows[int(len(rows) * chance.random() ** 3)] for _ in range(CART)}
            wanted = [Wanted(sku=sku, unit=unit, quantity=Decimal(1)) for sku, unit in sorted(cart)]
            check_prices(account=account, wanted=wanted, on=database_now().date())
    finally:
        connection.close()


def _work(stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            if not work_lane("erp_read"):
                stop.wait(0.02)
    finally:
        connection.close()


def _past_soft_age() -> None:
    for key in cache_redis().scan_iter(match=f"cache:{PRICES.name}:*:entry:*", count=500):
        cache_redis().hset(key, "soft", "0")


def _quotes(erp: SandboxProcess) -> int:
    """Calls for prices in the ERP's own ledger."""
    return sum(row["path"] == "/prices/quote" for row in erp.ledger())


if __name__ == "__main__":
    main()
