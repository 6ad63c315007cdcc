"""First start: the master data goes into the empty database."""

from __future__ import annotations

import datetime as dt
import json

from .customers import all_customers
from .items import PER_FAMILY, all_items
from .lots import seed_lots
from .stocks import PLANTS, ladders, list_prices, openings
from .store import Store, Tx, stamp_of


def seed_master_data(store: Store, seed: int, per_family: int = PER_FAMILY) -> bool:
    """Whether anything had to be written. The stamps lie a day back, as those of old records do."""
    with store.write(store.now() - dt.timedelta(days=1)) as tx:
        if tx.row("SELECT 1 FROM item LIMIT 1"):
            return False
        _customers(tx)
        _items(tx, seed, per_family)
        return True


def _customers(tx: Tx) -> None:
    tx.many("INSERT INTO plant VALUES (?, ?, ?, ?, ?, ?)", [(code, *rest) for code, rest in PLANTS.items()])
    for c in all_customers():
        tx.run(
            "INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            c.code, c.portal_code, c.name, c.plant, c.contract, c.status, c.credit_limit, c.credit_balance,
        )  # fmt: skip
        for s in c.ship_tos:
            tx.run("INSERT INTO ship_to VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   s.code, c.code, s.portal_code, s.name, s.street, s.city, s.region, s.postcode)  # fmt: skip
        tx.touch("customer", c.code)


def _items(tx: Tx, seed: int, per_family: int) -> None:
    items = all_items(per_family)
    prices = list_prices(items, seed)
    today = tx.today
    as_of = stamp_of(tx.now - dt.timedelta(days=1))
    tx.many(
        f"INSERT INTO item VALUES ({', '.join('?' * 16)})",
        [(i.matnr, i.catalogue_no, i.name, i.description, i.family, i.upc, i.base_unit, i.pack_unit, i.pack_size,
          i.status, int(i.hazmat), ",".join(i.restricted_regions), i.weight_lb, str(prices[i.matnr]), "USD",
          json.dumps(i.attributes))
         for i in items],
    )  # fmt: skip
    first_day = today.replace(month=1, day=1).isoformat()
    rungs = [(price_key(r.customer, r.matnr, r.min_quantity), r) for r in ladders(items, all_customers(), prices)]
    tx.many(
        "INSERT INTO price VALUES (?, ?, ?, ?, ?, ?, 'USD', ?, NULL)",
        [(k, r.customer, r.matnr, r.min_quantity, str(r.unit_price), r.contract, first_day) for k, r in rungs],
    )
    stock = [(f"{o.matnr}/{o.plant}", o) for o in openings(items, seed, today)]
    tx.many(
        "INSERT INTO stock VALUES (?, ?, ?, ?, 0, ?, ?, ?)",
        [(k, o.matnr, o.plant, o.on_hand, o.supply_on and o.supply_on.isoformat(), o.supply_quantity, as_of)
         for k, o in stock],
    )  # fmt: skip
    seed_lots(tx)
    _feed(tx, [("item", i.matnr) for i in items] + [("price", k) for k, _ in rungs] + [("stock", k) for k, _ in stock])


def _feed(tx: Tx, touched: list[tuple[str, str]]) -> None:
    first = tx.number("feed")
    tx.many(
        "INSERT INTO feed VALUES (?, ?, ?, ?)", [(k, key, tx.stamp, first + n) for n, (k, key) in enumerate(touched)]
    )
    tx.run("UPDATE counter SET value = ? WHERE name = 'feed'", first + len(touched))


def price_key(customer: str, matnr: str, minimum: int) -> str:
    """The id of one rung of a ladder."""
    return f"{customer or 'LIST'}|{matnr}|{minimum}"
