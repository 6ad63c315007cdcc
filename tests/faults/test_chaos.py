"""Orders by five channels while things break at random; then all must come to rest, and every invariant hold.

make chaos [MINUTES=10] [SEED=…]     make soak HOURS=2
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest
from django.db import connection

from distportal.accounts.models import ApiKey
from exceptions.models import Case
from orders.models import Order
from tests.faults.injector import Injector
from tests.faults.peers.peers import Peers
from tests.faults.peers.senders import As2Client, SftpClient
from tests.faults.quiet import judged, rest
from tests.faults.room import Room
from tests.faults.senders import ApiClient, Client, EdiClient, Ledger, PortalClient
from tests.faults.site import POOLS, Site

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("faults"), pytest.mark.timeout(0)]
MINUTES = float(os.environ.get("CHAOS_MINUTES", "1"))
PAUSE = float(os.environ.get("CHAOS_PAUSE", "0.7"))
"""Seconds between two orders of a client, on average."""
REST_SECONDS = float(os.environ.get("CHAOS_REST", "120"))
"""Within so many seconds of the last fault all has to be done; a machine with other work on it needs longer."""
PATIENCE_SECONDS = 900.0
"""So much longer a run waits that was late: whether anything was lost is judged when all is done."""
SHOWN = 40
AHEAD = int(os.environ.get("CHAOS_AHEAD", "0"))
"""Clients wait while more orders, files and deliveries than that are on their way (0: they never wait)."""


def test_whatever_breaks_every_order_is_there_once(
    site: Site, peers: Peers, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.randrange(1_000_000))
    ledger, injector = Ledger(), Injector(site, seed, peers)
    clients = started(site, ledger, seed, peers)
    partners = [client for client in clients if isinstance(client, EdiClient)]
    room = Room(AHEAD, ledger.full, partners)
    room.start()
    ends = time.monotonic() + MINUTES * 60
    while time.monotonic() < ends:
        injector.pause(4)
        injector.one()
    for client in clients:
        client.ending.set()
    room.end()
    site.heal()
    peers.heal()
    for client in clients:
        client.join(30)
    took, left = rest(site, partners, seconds=REST_SECONDS)
    if left:
        took += rest(site, partners, seconds=PATIENCE_SECONDS)[0]
    for partner in partners:
        partner.note_taken()
    problems = judged(site, ledger, peers=peers)
    report = told(ledger, injector, took, seed, peers, problems_of=[str(problem) for problem in problems])
    with capsys.disabled():
        print(f"\n{report}\n")
    assert left == {}, f"seed {seed}: not at rest after {REST_SECONDS:.0f} s: {left}\n{report}\n{site.last_words()}"
    assert not problems, f"seed {seed}\n{report}"
    assert ledger.refused == [], f"seed {seed}: {ledger.refused}"
    assert site.tracebacks(*POOLS) == []


def started(site: Site, ledger: Ledger, seed: int, peers: Peers) -> list[Client]:
    """The clients, each in a thread of its own."""
    _, secret = ApiKey.objects.create_key(name="Chaos", channel="crm", scopes=["orders:write", "orders:read"])
    clients: list[Client] = [
        *(ApiClient(site, ledger, secret, seed=seed + n, pause=PAUSE) for n in range(3)),
        EdiClient(site, ledger, seed=seed, pause=PAUSE),
        SftpClient(site, ledger, seed=seed, pause=2 * PAUSE, inbox=peers.inbox),
        As2Client(site, ledger, peers, seed=seed, pause=2 * PAUSE),
        PortalClient(site, ledger, seed=seed, pause=2 * PAUSE),
    ]
    for client in clients:
        client.start()
    return clients


def told(ledger: Ledger, injector: Injector, took: float, seed: int, peers: Peers, *, problems_of: list[str]) -> str:
    """The ledger of a run as a table."""
    connection.close()
    placed = set(Order.objects.values_list("po_number", flat=True))
    references = Counter(order["reference"] for order in injector.site.erp.orders())
    waits = sorted(ledger.waits) or [0.0]
    rows = {
        "seed": seed,
        "sent": len(ledger.sent),
        "acknowledged": len(ledger.acknowledged),
        "of them by channel": dict(Counter(channel for channel, _ in ledger.acknowledged.values())),
        "sent again": ledger.resent,
        "placed": len(placed & ledger.sent),
        "in the ERP": sum(1 for reference in references if reference),
        "open cases": Case.objects.exclude(status="resolved").count(),
        "duplicates": sum(1 for reference, number in references.items() if reference and number > 1),
        "lost": len(ledger.acknowledged.keys() - placed),
        **peers.told(),
        "faults": sum(injector.done.values()),
        "processes restarted": injector.site.restarts,
        "at rest after": f"{took:.1f} s",
        "API answers, median / 99 %": f"{waits[len(waits) // 2]:.2f} / {waits[int(len(waits) * 0.99)]:.2f} s",
        "refused": ledger.refused[:5],
    }
    lines = [f"{name:<28}{value}" for name, value in rows.items()]
    lines += [f"  {name:<34}{number}" for name, number in sorted(injector.done.items())]
    more = [f"… and {len(problems_of) - SHOWN} more"] if len(problems_of) > SHOWN else []
    return "\n".join([*lines, *problems_of[:SHOWN], *more])
