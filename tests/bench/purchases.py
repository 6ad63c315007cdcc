"""How long "bought before" takes over a million orders: its page, and what an event costs.

    python -m tests.bench.purchases [--orders 1000000] [--lines 3]

Orders of 5,000 accounts over 100,000 items; one account has a hundredth of all. Milliseconds that passed and that the
database's process spent on a processor. The database is kept for the next run.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account
from distportal.web.cursors import cursor_page
from inventory.queries.offers import offers
from orders.models import Order, Purchase
from orders.process.purchases import COUNTED, note_purchases
from orders.queries.purchases import purchases_of
from tests.bench import catalogue
from tests.bench.catalogue import found_catalogue
from tests.bench.kept import use_kept_database
from tests.bench.search import AIM, at_95, timed
from tests.bench.table import Figure, tell

ACCOUNTS, ROUNDS = 5_000, 30
_ORDERS = """
INSERT INTO orders_order (id, created_at, updated_at, number, account_id, channel, po_number, po_norm, po_part, po_slot,
       status, currency, ordered_on, ship_complete, total, canonical, content_hash, version, placed_name, erp,
       erp_number, correlation_id, placed_at, accepted_at, closed_reason)
SELECT gen_random_uuid(), now(), now(), n,
       a.ids[CASE WHEN n %% 100 = 0 THEN 1 ELSE 1 + n %% array_length(a.ids, 1) END], 'edi850',
       'P' || n, 'P' || n, '', 0, 'shipped', 'USD', '2026-01-01', false, 1, '{}', '', 1, '', 'default', '',
       gen_random_uuid(), now() - n * interval '1 minute', now(), ''
  FROM generate_series(1, %(orders)s) n, (SELECT array_agg(id ORDER BY code) ids FROM accounts_account) a
"""
_LINES = """
INSERT INTO orders_orderline (id, order_id, position, line_no, item_id, asked_items, description, quantity, unit,
       base_quantity, erp_unit, parts, unit_price, price_reason, amount, status, status_reason, reserved_quantity,
       confirmed_quantity, shipped_quantity, invoiced_quantity, promise_reason)
SELECT gen_random_uuid(), o.id, l, l::text,
       i.ids[1 + (o.number * 7919 + l * 104729) %% array_length(i.ids, 1)], '[]', '',
       12, 'EA', 12, '', '[]', 1.25, '', 15, 'accepted', '', 0, 12, 12, 12, ''
  FROM orders_order o, generate_series(1, %(lines)s) l,
       (SELECT array_agg(id ORDER BY id) ids FROM inventory_item) i
"""


def found_orders(orders: int, lines: int) -> None:
    """As many orders as asked, without their histories and foreign-key checks: they are made here, not judged."""
    Account.objects.bulk_create(
        Account(code=f"ACC{n:05d}", name=f"Account {n}", kind=AccountKind.DEALER) for n in range(ACCOUNTS)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_ORDERS, {"orders": orders})
        cursor.execute(_LINES, {"lines": lines})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def _page(account: Account, text: str = "") -> Callable[[], object]:
    def look() -> None:
        page = cursor_page(purchases_of(account=account, text=text), "", keys=["last_at", "id"])
        offers([row.item for row in page.rows], account)

    return look


def _row(what: str, works: list[Callable[[], object]]) -> None:
    took = [timed(work) for work in works]
    spent = [sorted(one) for one in ([t.passed for t in took], [t.processor for t in took])]
    figures = "".join(f"{one[len(one) // 2]:>9.1f}{at_95(one):>9.1f}" for one in spent)
    print(f"{what:45}{figures}{max(one.statements for one in took):>12}", flush=True)
    against = f"the {AIM:.0f} ms of a search"
    tell([Figure(what=f"bought before: {what}, p95", against=against, ratio=at_95(spent[1]) / AIM, at_most=1)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--items", type=int, default=100_000)
    asked = parser.parse_args()
    settings.SEND_HINTS = False
    name = f"bench_purchases_{asked.orders}_{asked.lines}_{asked.items}"
    use_kept_database(name, lambda: _found(asked), [sys.modules[__name__], catalogue])
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_purchase")
    print(f"{asked.orders:,} orders, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    fill = timed(lambda: connection.cursor().execute(COUNTED.format(which="")))
    print(f"first filling: {fill.passed / 1000:.1f} s, {Purchase.objects.count():,} rows", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) orders_purchase")
    _measure()
    connection.close()


def _found(asked: argparse.Namespace) -> None:
    found_catalogue(asked.items)
    found_orders(asked.orders, asked.lines)


def _measure() -> None:
    chance, accounts = random.Random(5), list(Account.objects.order_by("code"))
    big, some = accounts[0], [chance.choice(accounts[1:]) for _ in range(ROUNDS)]
    orders = list(Order.objects.exclude(account=big).order_by("number").values_list("pk", flat=True)[:ROUNDS])
    bigs = list(Order.objects.filter(account=big).order_by("number").values_list("pk", flat=True)[:ROUNDS])
    print(f"{'':45}{'passed':>18}{'processor':>18}")
    print(f"{'':45}" + f"{'p50 ms':>9}{'p95 ms':>9}" * 2 + f"{'statements':>12}")
    _row("page of an account, with its prices and stock", [_page(one) for one in some])
    _row("page of the account with a hundredth of all", [_page(big)] * ROUNDS)
    _row("search in what that account bought", [_page(big, text) for text in ("ball valve", "FST-10") * (ROUNDS // 2)])
    _row("event of an order counted before", [lambda pk=pk: note_purchases(order_id=pk) for pk in orders])  # type: ignore[misc]
    _row("the same of that account", [lambda pk=pk: note_purchases(order_id=pk) for pk in bigs])  # type: ignore[misc]
    for pk in bigs:
        Order.objects.filter(pk=pk).update(placed_at=Now())
    _row("event of its newest order", [lambda pk=pk: note_purchases(order_id=pk) for pk in bigs])  # type: ignore[misc]


if __name__ == "__main__":
    main()
