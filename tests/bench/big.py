"""A portal in numbers: a catalogue, 5,000 accounts, and orders with lines, shipments, invoices, payments and cases.

The database is kept, so that a second run begins at once. One account, `BENCH`, has a hundredth of all orders, or as
many as asked; one, `ACC00100`, has two hundred at every size, as each has of a million; the others have the rest in
equal parts.
"""

from __future__ import annotations

import sys
from functools import partial

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.db import connection
from django.utils import timezone

from distportal.accounts.choices import AccountKind
from distportal.accounts.models import Account, ShipTo
from distportal.accounts.seeds import seed_accounts
from exceptions.models import Case, Queue
from inventory.models import FeedCursor
from orders.models import (
    Dispute,
    Invoice,
    InvoiceLine,
    Order,
    OrderFinding,
    OrderLine,
    Remittance,
    RemittanceLine,
    Return,
    Shipment,
    ShipmentLine,
)
from orders.process.open_amounts import reckon_missing
from orders.process.purchases import COUNTED
from tests.bench import catalogue, sowing
from tests.bench.catalogue import found_catalogue
from tests.bench.kept import use_kept_database
from tests.bench.sowing import sow

ACCOUNTS = 5_000
BIG = "BENCH"
USUAL = "ACC00100"
USUAL_ORDERS = 200
ONE_IN = 100
"""One order in so many is the big account's."""
_STATUS = """CASE WHEN luck < 1 THEN 'held' WHEN luck < 3 THEN 'accepted' WHEN luck < 7 THEN 'confirmed'
  WHEN luck < 10 THEN 'part_shipped' WHEN luck < 97 THEN 'shipped' ELSE 'cancelled' END"""
_AMOUNT = "(12 * 1.25)::numeric(14, 2)"


def found_orders(orders: int, one_in: int) -> None:
    """As many orders as asked, 1 to 4 lines each, without their histories: they are made here, not judged. One in so
    many is the big account's. What becomes of an order goes by its place among those of its account, so that these two
    have the same ones whatever else there is.
    """
    every = max(orders // USUAL_ORDERS, 2)
    place = f"CASE WHEN n % {every} = 1 THEN n / {every} WHEN n % {one_in} = 0 THEN n / {one_in} ELSE n END"
    sow(
        Order,
        f"""FROM (SELECT n, mod(abs(hashint8({place})::bigint), 100) AS luck,
                         1 + mod(abs(hashint8({place} + 7)::bigint), 4) AS lines,
                         now() - ({orders} - n) * (interval '700 days' / {orders}) AS made
                    FROM generate_series(1, {orders}) n) seed,
                 (SELECT array_agg(id ORDER BY code <> '{BIG}', code <> '{USUAL}', code) ids FROM accounts_account
                   WHERE code = '{BIG}' OR code LIKE 'ACC%') a""",  # noqa: S608 - numbers
        number="n",
        account_id=f"""a.ids[CASE WHEN n % {every} = 1 THEN 2 WHEN n % {one_in} = 0 THEN 1
                                  ELSE 3 + n % (array_length(a.ids, 1) - 2) END]""",
        channel="'edi850'", po_number="'P-' || n", po_norm="'P' || n", status=_STATUS, ordered_on="made::date",
        total=f"lines * {_AMOUNT}", content_hash="'h'", placed_name="'Dana Reed'", placed_at="made",
        accepted_at="made + interval '1 minute'", created_at="made", updated_at="made", erp="'default'",
    )  # fmt: skip
    sow(
        OrderLine,
        """FROM orders_order o, generate_series(1, (o.total / 15)::int) l,
                (SELECT array_agg(id ORDER BY id) ids FROM inventory_item) i""",
        order_id="o.id", position="l", line_no="l::text", quantity="12", unit="'EA'", base_quantity="12",
        item_id="i.ids[1 + (o.number * 7919 + l * 104729) % array_length(i.ids, 1)]", unit_price="1.25",
        amount=_AMOUNT, confirmed_quantity="12", promised_on="(o.placed_at + interval '9 days')::date",
        status="""CASE WHEN o.status = 'part_shipped' AND l > 1 THEN 'backordered'
                       WHEN o.status = 'cancelled' THEN 'cancelled' ELSE 'accepted' END""",
        shipped_quantity="CASE WHEN o.status = 'shipped' OR o.status = 'part_shipped' AND l = 1 THEN 12 ELSE 0 END",
    )  # fmt: skip
    sow(
        OrderFinding,
        "FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.position = 1 WHERE o.status = 'held'",
        order_id="o.id", line_id="l.id", order_version="1", code="'item_unknown'", severity="'error'", action="'hold'",
        message="'Nobody knows this item.'",
    )  # fmt: skip


def found_papers() -> None:
    """Shipments, invoices and a few credit memos of what has left; what is old is paid, all of a month at once."""
    sow(
        Shipment,
        "FROM orders_order o WHERE o.status IN ('shipped', 'part_shipped')",
        number="'SH' || o.number", order_id="o.id", shipped_at="o.placed_at + interval '2 days'", carrier="'FedEx'",
        tracking_number="'TR' || o.number", erp_id="'S' || o.number", erp_version="'1'",
    )  # fmt: skip
    sow(
        ShipmentLine,
        """FROM orders_orderline l JOIN orders_shipment s ON s.order_id = l.order_id WHERE l.shipped_quantity > 0""",
        shipment_id="s.id", order_line_id="l.id", quantity="12",
    )  # fmt: skip
    sent = "FROM orders_shipment s JOIN orders_order o ON o.id = s.order_id"
    issued = "(o.placed_at + interval '3 days')::date"
    common = {
        "account_id": "o.account_id", "order_id": "o.id", "shipment_id": "s.id", "issued_on": issued,
        "due_on": f"{issued} + 30", "erp_version": "'1'", "canonical": """'{"terms": "Net 30"}'""",
    }  # fmt: skip
    total = f"CASE WHEN o.status = 'part_shipped' THEN {_AMOUNT} ELSE o.total END"
    sow(Invoice, sent, kind="'invoice'", number="'INV' || o.number", total=total, erp_id="'I' || o.number", **common)
    few = f"{sent} JOIN orders_invoice i ON i.shipment_id = s.id WHERE o.number % 50 = 3"
    memo = {"kind": "'credit_memo'", "number": "'CM' || o.number", "corrects_id": "i.id", "total": "1.00"}
    sow(Invoice, few, erp_id="'C' || o.number", **memo, **common)
    sow(
        InvoiceLine,
        "FROM orders_invoice v JOIN orders_orderline l ON l.order_id = v.order_id"
        " WHERE v.kind = 'invoice' AND l.shipped_quantity > 0",
        invoice_id="v.id", position="l.position", order_line_id="l.id", item_id="l.item_id", quantity="12",
        unit="'EA'", unit_price="1.25", agreed_price="1.25", amount=_AMOUNT,
    )  # fmt: skip
    _pay()


def _pay() -> None:
    """What fell due is paid but for two of a hundred: an account pays each month on some day, told at some moment of
    it. All of them in one moment would be a portal that nobody has.
    """
    paid = "v.kind = 'invoice' AND v.due_on < current_date - 10 AND mod(abs(hashtext(v.number)::bigint), 100) > 1"
    sow(
        Remittance,
        f"""FROM (SELECT a.*, luck, least(of_month + 31 + luck % 20, current_date - 1) AS on_day
                    FROM (SELECT account_id, date_trunc('month', due_on)::date AS of_month, sum(total) AS amount
                            FROM orders_invoice v WHERE {paid} GROUP BY 1, 2) a,
                         LATERAL (SELECT abs(hashtextextended(account_id::text, of_month - '2000-01-01'::date)
                                             % 64800)::int AS luck) b) p""",  # noqa: S608 - a condition of this file
        account_id="p.account_id", trace="'W' || to_char(of_month, 'YYYYMM')", source_key="of_month::text",
        channel="'edi'", paid_on="on_day", amount="p.amount", content_hash="'h'",
        recorded_at="on_day + interval '5 hours' + luck * interval '1 second'",
    )  # fmt: skip
    sow(
        RemittanceLine,
        f"""FROM orders_invoice v JOIN orders_remittance r
              ON r.account_id = v.account_id AND r.source_key = date_trunc('month', v.due_on)::date::text
           WHERE {paid}""",
        remittance_id="r.id", position="row_number() OVER (PARTITION BY r.id)", kind="'invoice'", number="v.number",
        invoice_id="v.id", paid="v.total", gross="v.total", outcome="'paid'",
    )  # fmt: skip


def found_troubles(orders: int) -> None:
    """Disputes, returns and the cases of our own people: open and settled ones. With few orders a larger share of them
    is in trouble, or the lists of our people would have no full page; not of those two dealers' orders.
    """
    papers, cases = max(min(orders // 5_000, 100), 1), max(min(orders // 10_000, 20), 1)
    share = f"CASE WHEN a.code IN ('{BIG}', '{USUAL}') THEN 100 ELSE {papers} END"
    troubled = f"""FROM orders_invoice v JOIN accounts_account a ON a.id = v.account_id
      WHERE v.kind = 'invoice' AND mod(abs(hashtext(v.number)::bigint), {share}) = 0"""
    sow(
        Dispute, troubled,
        number="row_number() OVER ()", token="gen_random_uuid()", account_id="v.account_id", invoice_id="v.id",
        status="CASE WHEN v.due_on > current_date - 30 THEN 'submitted' ELSE 'rejected' END", reason="'price'",
        amount_claimed="1.00", opened_name="'Dana Reed'", opened_at="v.issued_on + interval '5 days'",
    )  # fmt: skip
    sow(
        Return, troubled,
        number="row_number() OVER ()", source_key="v.number", account_id="v.account_id", channel="'portal'",
        status="CASE WHEN v.due_on > current_date - 30 THEN 'requested' ELSE 'rejected' END",
        requested_on="v.issued_on", requested_name="'Dana Reed'", content_hash="'h'", amount="1.00",
    )  # fmt: skip
    Queue.objects.get_or_create(code="orders", defaults={"name": "Orders", "group": "agent"})
    queue = "(SELECT min(id) AS id FROM exceptions_queue) q"
    sow(
        Case, f"FROM orders_order o, {queue} WHERE o.number % {cases} = 0",
        number="o.number", kind="'orders.held'", code="'item_unknown'", subject_type="'order'", subject_id="o.id",
        sentence="'Nobody knows the item of line 1.'", queue_id="q.id", account_id="o.account_id", amount="o.total",
        status="CASE WHEN o.status = 'held' THEN 'new' ELSE 'resolved' END", due_at="o.placed_at + interval '1 day'",
        resolution="CASE WHEN o.status = 'held' THEN '' ELSE 'by_hand' END", created_at="o.placed_at",
    )  # fmt: skip


def use_big_database(orders: int, items: int, one_in: int = ONE_IN) -> None:
    """The kept database of that size, made now where there is none; this process is connected to it from now on."""
    name = f"bench_pages_{orders}_{items}" + (f"_{one_in}" if one_in != ONE_IN else "")
    makers = (sys.modules[__name__], catalogue, sowing)
    if use_kept_database(name, lambda: _found(orders, items, one_in), makers):
        if not reckon_missing(budget=86_400):
            raise SystemExit("some documents have no figure of what is open")
        with connection.cursor() as cursor:  # each document was written once more, and counted as open until then
            for model in (Invoice, Remittance):
                cursor.execute(f"REINDEX TABLE {model._meta.db_table}")
            cursor.execute("VACUUM (ANALYZE)")
    FeedCursor.objects.update(read_at=timezone.now())


def _found(orders: int, items: int, one_in: int) -> None:
    seed_accounts()
    found_catalogue(items)
    Account.objects.bulk_create(
        Account(code=f"ACC{n:05d}", name=f"Account {n}", kind=AccountKind.DEALER) for n in range(ACCOUNTS - 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        sow(ShipTo, "FROM accounts_account a", account_id="a.id", code="'DOCK'", name="a.name", street="'1 Dock St'",
            city="'Toledo'", region="'OH'", postcode="'43604'")  # fmt: skip
        for step in (partial(found_orders, orders, one_in), found_papers, partial(found_troubles, orders)):
            step()
            cursor.execute("ANALYZE")
        cursor.execute(COUNTED.format(which="").replace("RETURNING item_id", ""))
        cursor.execute("SET session_replication_role = origin")
    connection.close()
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
