"""What the list pages cost over a big portal, against a bare Django page that sends one query, in the same run.

    python -m tests.bench.pages [--orders 1000000] [--items 100000] [--rounds 25] [--only orders/] [--profile /orders/]

Each page is answered by the whole stack of the portal, template included, as the account with a hundredth of all
orders and as one of the other 4,999; its statements run as the dealer's database role behind row-level security. The
bare page has Django's own session and sign-in, one query for fifty orders and a plain table. Milliseconds are this
process's and its database server's processors, so that whatever else runs on the machine matters little.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tests.bench.big as big  # sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.common.collector import collect_between_requests
from tests.bench.bare import BARE, bare_client
from tests.bench.search import at_95, processor_of_database
from tests.bench.table import Figure, dearest, tell
from tests.clients import signed_in

AIM = 3.0
"""Times the bare page that 95 of 100 answers of a page may take."""
PAGES = (
    "/", "/catalogue/", "/catalogue/?q=ball+valve", "/catalogue/?q=FST-10", "/orders/", "/orders/?view=action",
    "/orders/?view=backordered", "/orders/?view=shipped", "/orders/?view=all", "/orders/?view=all&q=P7",
    "/orders/lines/", "/orders/lines/?q=P7", "/invoices/", "/invoices/?view=open", "/invoices/?view=overdue",
    "/invoices/?view=paid", "/invoices/?q=P7", "/statement/", "/payments/", "/payments/?q=W2", "/disputes/",
    "/returns/", "/approvals/", "/lists/", "/purchased/", "/part-numbers/", "/quick-order/", "/cart/",
    "/invoice-files/", "/notifications/", "/company/",
)  # fmt: skip
STAFF_PAGES = (
    "/", "/orders/", "/orders/?view=action", "/orders/?view=backordered", "/orders/?view=shipped", "/orders/?view=all",
    "/orders/?view=all&q=SO-7001", "/orders/?view=all&q=P99", "/orders/lines/", "/orders/lines/?q=SO-7001",
    "/invoices/", "/invoices/?q=SO-7001", "/invoices/?q=INV99", "/disputes/", "/returns/", "/payments/",
    "/payments/?q=INV7001", "/desk/", "/dealers/",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor by answer, sorted, the statements of one, and what the bare page cost in turns with it:
    a busy machine makes processor time dearer, for both.
    """

    spent: list[float]
    statements: int
    bare: list[float]

    @property
    def middle(self) -> float:
        """Half of the answers cost no more."""
        return self.spent[len(self.spent) // 2]

    @property
    def most(self) -> float:
        """What 95 of 100 stay within."""
        return at_95(self.spent)

    @property
    def ratio(self) -> float:
        """The same as times of the bare page."""
        return self.most / at_95(self.bare)

    @property
    def usual(self) -> float:
        """The middle answer as times of the bare page's: steadier where others use the machine."""
        return self.middle / self.bare[len(self.bare) // 2]


def person(account: Account) -> Client:
    """Somebody of the account's office, signed in."""
    user, _ = User.objects.get_or_create(
        email=f"bench@{account.code.lower()}.example", defaults={"name": "Dana Reed", "is_active": True}
    )
    Membership.objects.update_or_create(user=user, account=account, defaults={"role": Role.ADMIN})
    return signed_in(user)


def cost(client: Client, address: str, rounds: int, bare: Client) -> Cost:
    """What so many answers cost after three that nobody measures."""
    for _ in range(3):
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    with CaptureQueriesContext(connection) as ran:
        client.get(address)
    statements = len(ran)  # the next request empties the log
    bare.get(BARE)
    turns = [(_spent(lambda: client.get(address)), _spent(lambda: bare.get(BARE))) for _ in range(rounds)]
    return Cost(sorted(page for page, _ in turns), statements, sorted(other for _, other in turns))


def _spent(work: Callable[[], object]) -> float:
    before = _processors()
    work()
    return _processors() - before


def _processors() -> float:
    """Milliseconds that this process and its database server's have been on a processor."""
    return time.process_time() * 1000 + processor_of_database()


@contextmanager
def portal(orders: int, items: int, one_in: int = big.ONE_IN) -> Iterator[dict[str, Client]]:
    """The big database and three people of it: the big dealer's, another dealer's, and one of our own."""
    settings.SEND_HINTS, settings.ALLOWED_HOSTS = False, ["testserver"]
    big.use_big_database(orders, items, one_in)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"{orders:,} orders, {items:,} items, {big.ACCOUNTS:,} accounts; {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    collect_between_requests()  # as distportal/wsgi.py does
    try:
        yield {
            "big dealer": person(Account.objects.get(code=big.BIG)),
            "dealer": person(Account.objects.get(code=big.USUAL)),
            "staff": signed_in(User.objects.get(email="agent@northline.example")),
        }
    finally:
        connection.close()


def main() -> None:
    """Measure and print; fails where a page is over the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--one-in", type=int, default=big.ONE_IN, help="one order in so many is the big dealer's")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--only", nargs="+", default=[""], help="pages whose address has one of these in it")
    parser.add_argument("--into", default="", help="a file that gets the figures as JSON")
    parser.add_argument("--profile", default="", help="where the time of this page goes, instead of measuring")
    asked = parser.parse_args()
    with portal(asked.orders, asked.items, asked.one_in) as people:
        if asked.profile:
            _profile(people["big dealer"], asked.profile, asked.rounds)
            return
        over = _measure(people, asked)
    sys.exit(bool(over))


def _measure(people: dict[str, Client], asked: argparse.Namespace) -> list[str]:
    bare = bare_client(User.objects.get(email="bench@acc00100.example"))
    print(f"\n{'':42}{'p50 ms':>9}{'p95 ms':>9}{'bare p95':>10}{'x p50':>8}{'x p95':>8}{'statements':>12}", flush=True)
    ratios: dict[str, float] = {}
    halves: dict[str, float] = {}
    for who, client in people.items():
        for address in STAFF_PAGES if who == "staff" else PAGES:
            if not any(part in address for part in asked.only):
                continue
            took = cost(client, address, asked.rounds, bare)
            ratios[f"{who} {address}"], halves[f"{who} {address}"] = took.ratio, took.usual
            print(f"{who + ' ' + address:42}{took.middle:>9.1f}{took.most:>9.1f}{at_95(took.bare):>10.1f}"
                  f"{took.usual:>8.1f}{took.ratio:>8.1f}{took.statements:>12}", flush=True)  # fmt: skip
    if asked.into:
        Path(asked.into).write_text(json.dumps({"p95": ratios, "p50": halves}))
    for who in people:
        told = [_figure(page, ratio) for page, ratio in ratios.items() if page.startswith(f"{who} /")]
        tell(dearest(told, of="pages") if told else [])
    over = [page for page, ratio in ratios.items() if ratio > AIM]
    print(f"over {AIM:.0f} times: {', '.join(over) or 'none'}")
    return over


def _figure(page: str, ratio: float) -> Figure:
    return Figure(what=page, against="bare page, p95 of each", ratio=ratio, at_most=AIM)


def _profile(client: Client, address: str, rounds: int) -> None:
    client.get(address)
    profile = cProfile.Profile(time.process_time)
    for _ in range(rounds):
        profile.runcall(client.get, address)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(110)
    with CaptureQueriesContext(connection) as ran:
        client.get(address)
    for query in sorted(ran.captured_queries, key=lambda one: -float(one["time"])):
        print(query["time"], query["sql"][:400])


if __name__ == "__main__":
    main()
