"""What finance's back office costs over a million invoices, against a bare Django page of one query, in the same run.

    python -m tests.bench.finance [--orders 1000000] [--invoices 1000000] [--rounds 15] [--only dispute] [--csv]

The database is that of tests.bench.pages, filled up with old documents to a million invoices and credit memos. Disputes
are of a hundredth of them, findings of a two-hundredth; payments are what the accounts paid. Each page is answered by
the whole stack, template included, as finance's clerk. `statement ms` is the longest single statement of a page, each
the shortest of five looks: what else the machine does falls on another statement every time. `--csv` reads the list of
all invoices as the browser would, to the last line, and tells how much memory that took.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time

import tests.bench.big as big  # sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, User
from distportal.common.collector import collect_between_requests
from orders.models import Dispute, DisputeEntry, DisputeLine, Invoice, InvoiceFinding, Remittance
from tests.bench.bare import bare_client
from tests.bench.pages import cost, person
from tests.bench.sowing import sow
from tests.bench.table import Figure, dearest, tell
from tests.clients import signed_in

AIM = 10.0
"""Times the bare page that half of the answers may take; most of it is the theme, which draws fifty rows."""
LOOKS = 5
ORDERS = "/admin/orders/"


def found_invoices(wanted: int) -> None:
    """As many documents as wanted: old ones of many accounts are added to those of the orders."""
    lacking = wanted - Invoice.objects.count()
    if lacking > 0:
        sow(
            Invoice,
            f"""FROM generate_series(1, {lacking}) n, (SELECT array_agg(id ORDER BY code) ids FROM accounts_account
                  WHERE code LIKE 'ACC%') a""",  # noqa: S608 - a number
            kind="'invoice'", number="'OLD' || n", account_id="a.ids[1 + n % array_length(a.ids, 1)]",
            issued_on="current_date - 800 - n % 300", due_on="current_date - 770 - n % 300", total="15",
            erp_id="'O' || n", erp_version="'1'",
        )  # fmt: skip


def found_finance() -> None:
    """Lines and entries of the disputes, and findings of our own check; once a database."""
    if InvoiceFinding.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        lines = "JOIN orders_invoiceline l ON l.invoice_id = v.id AND l.position = 1"
        disputes = "FROM orders_dispute d JOIN orders_invoice v ON v.id = d.invoice_id"
        sow(DisputeLine, f"{disputes} {lines}", dispute_id="d.id", invoice_line_id="l.id", quantity="12", amount="1.00")
        sow(DisputeEntry, "FROM orders_dispute d", dispute_id="d.id", action="'opened'")
        sow(
            InvoiceFinding, f"FROM orders_invoice v {lines} WHERE mod(abs(hashtext(v.number)::bigint), 200) = 7",
            account_id="v.account_id", invoice_id="v.id", line_id="l.id", reason="'price'", quantity="12",
            amount="1.00", words="'Line 1: $1.25 billed, $1.17 agreed'", found_at="v.issued_on + interval '1 hour'",
            state="CASE WHEN v.issued_on > current_date - 20 THEN 'open' ELSE 'corrected' END",
        )  # fmt: skip
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def pages() -> list[str]:
    """The addresses, of rows that are there."""
    account = Account.objects.get(code="ACC00100").pk
    invoice = Invoice.objects.filter(kind="invoice").order_by("-issued_on", "-number").first()
    dispute, payment = Dispute.objects.order_by("-number").first(), Remittance.objects.order_by("-paid_on").first()
    assert invoice
    assert dispute
    assert payment
    number = invoice.number
    return [
        "/admin/", "/admin/accounts/account/?q=ACC00100",
        *(f"{ORDERS}invoice/{rest}" for rest in (
            "", "?p=300", f"?q={number}", f"?q={number[:7]}", "?q=P-77", "?q=ACC00100", "?q=nothing+like+it",
            f"?account__id__exact={account}", "?kind__exact=credit_memo", f"{invoice.pk}/change/")),
        *(f"{ORDERS}dispute/{rest}" for rest in (
            "", "?list=nobody", "?list=second", "?list=ready", "?status__exact=submitted", f"?q=D-{dispute.number}",
            f"?q={number[:7]}", f"?account__id__exact={account}", "report/", f"{dispute.pk}/change/",
            f"{dispute.pk}/history/")),
        *(f"{ORDERS}remittance/{rest}" for rest in (
            "", f"?q={payment.trace}", f"?q={number[:7]}", f"?account__id__exact={account}", f"{payment.pk}/change/")),
        *(f"{ORDERS}invoicefinding/{rest}" for rest in ("", "?state__exact=open", f"?q={number[:7]}")),
        *(f"{ORDERS}order/{rest}" for rest in ("", "?q=SO-777", "?q=P-77", f"?account__id__exact={account}")),
        *(f"{ORDERS}{rest}/" for rest in ("return", "invoicetolerance", "approvallimit", "lettertemplate")),
        "/admin/autocomplete/?app_label=orders&model_name=dispute&field_name=account&term=ACC001",
    ]  # fmt: skip


def slowest(client: Client, address: str) -> float:
    """Milliseconds of the page's longest statement."""
    looks: list[list[float]] = []
    for _ in range(LOOKS):
        with CaptureQueriesContext(connection) as ran:
            client.get(address)
        looks.append([float(query["time"]) * 1000 for query in ran.captured_queries])
    return max((min(times) for times in zip(*looks, strict=False)), default=0.0)


def measure(client: Client, bare: Client, rounds: int, only: str) -> list[str]:
    """Prints a line a page, measured in turns with the bare one; gives those over the AIM."""
    print(
        f"\n{'':48}{'p50 ms':>8}{'p95 ms':>8}{'x p50':>8}{'x p95':>8}{'statements':>12}{'statement ms':>14}", flush=True
    )
    found: list[Figure] = []
    for address in pages():
        if only not in address:
            continue
        took, longest = cost(client, address, rounds, bare), slowest(client, address)
        found.append(Figure(what=address, against="bare page, half of the answers", ratio=took.usual, at_most=AIM))
        told = address.split("&field_name")[0].replace(ORDERS, "")[:46]
        print(
            f"{told:48}{took.middle:>8.1f}{took.most:>8.1f}{took.usual:>8.1f}{took.ratio:>8.1f}{took.statements:>12}"
            f"{longest:>14.1f}",
            flush=True,
        )
    tell(dearest(found, of="pages of the back office") if found else [])
    return [figure.what for figure in found if not figure.met]


def read_csv(client: Client) -> None:
    """Every invoice, line by line."""
    before, began, size, lines = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic(), 0, 0
    answer = client.get(f"{ORDERS}invoice/list.csv")
    assert isinstance(answer, StreamingHttpResponse)
    for part in answer:
        size, lines = size + len(part), lines + 1
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"list.csv: {lines:,} lines, {size / 1e6:.0f} MB in {time.monotonic() - began:.0f} s, {more:.0f} MB of memory"
    )


def main() -> None:
    """Measure and print; fails where a page is over the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="pages whose address has this in it")
    parser.add_argument("--csv", action="store_true", help="read the whole list of invoices as CSV, too")
    asked = parser.parse_args()
    settings.SEND_HINTS, settings.ALLOWED_HOSTS = False, ["testserver"]
    big.use_big_database(asked.orders, asked.items)
    found_invoices(asked.invoices)
    found_finance()
    call_command("collectstatic", interactive=False, verbosity=0)
    collect_between_requests()
    print(f"{Invoice.objects.count():,} invoices, {Dispute.objects.count():,} disputes, "
          f"{InvoiceFinding.objects.count():,} findings, {Remittance.objects.count():,} payments; "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    dealer = Account.objects.get(code="ACC00100")
    person(dealer)
    bare = bare_client(User.objects.get(email="bench@acc00100.example"))
    client = signed_in(User.objects.get(email="finance@northline.example"))
    over = measure(client, bare, asked.rounds, asked.only)
    if asked.csv:
        read_csv(client)
    print(f"over {AIM:.0f} times: {', '.join(over) or 'none'}")
    connection.close()
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
