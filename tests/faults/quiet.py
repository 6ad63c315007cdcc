"""When a portal has come to rest after faults, and what the checker says of it then."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import DatabaseError, connection

from tests.faults.checker import Broken, Outside, broken
from tests.faults.peers.peers import Peers
from tests.faults.senders import EdiClient, Ledger
from tests.faults.site import Site

_BUSY = {
    "commands to the ERP": "SELECT count(*) FROM orders_erpcommand WHERE state IN ('pending', 'sending', 'unknown')",
    "deliveries": "SELECT count(*) FROM events_outboxdelivery d WHERE state = 'pending' AND NOT EXISTS ("
    "SELECT FROM events_outboxdelivery h WHERE h.destination = d.destination AND h.state = 'dead' AND h.seq < d.seq"
    " AND h.aggregate_type = d.aggregate_type AND h.aggregate_id = d.aggregate_id)",
    "files to be read": "SELECT count(*) FROM edi_inboundfile WHERE state IN ('stored', 'reading')",
    "orders to be placed": "SELECT count(*) FROM edi_document WHERE direction = 'in' AND state = 'valid'"
    " AND set_id = '850'",
    "files to be sent": "SELECT count(*) FROM edi_outboundfile WHERE sent_at IS NULL",
    "messages to webhooks": "SELECT count(*) FROM webhooks_delivery d JOIN webhooks_endpoint e ON e.id = d.endpoint_id"
    " WHERE d.state = 'pending' AND e.state = 'active'",
    "accepted orders": "SELECT count(*) FROM orders_order WHERE status = 'accepted'",
    "jobs that are due": "SELECT count(*) FROM events_job WHERE state = 'ready' AND key <> 'periodic'"
    " AND next_at < clock_timestamp() - interval '5 seconds'",
}

PEERS_PACE = frozenset({"files to be sent", "messages to webhooks"})
"""What may lie for minutes because a peer is away, and costs this machine nothing meanwhile."""


def busy(partners: Sequence[EdiClient] = ()) -> dict[str, int]:
    """What is still on its way, by name; nothing once the portal has come to rest."""
    left = {}
    with connection.cursor() as cursor:
        for name, query in _BUSY.items():
            cursor.execute(query)
            left[name] = int(cursor.fetchone()[0])
    left["files in inboxes"] = sum(
        not file.name.startswith(".") for partner in partners for file in partner.inbox.iterdir()
    )
    return {name: number for name, number in left.items() if number}


def rest(site: Site, partners: Sequence[EdiClient] = (), *, seconds: float = 120.0) -> tuple[float, dict[str, int]]:
    """Seconds until it came to rest, and what was left on its way when time was up."""
    began, left = time.monotonic(), {"everything": 1}
    while time.monotonic() - began < seconds:
        connection.close()
        site.tend()
        try:
            left = busy(partners)
        except DatabaseError:
            left = {"the database does not answer": 1}
        if not left:
            break
        time.sleep(0.5)
    return time.monotonic() - began, left


def judged(site: Site, ledger: Ledger | None = None, *, peers: Peers | None = None, only: str = "") -> list[Broken]:
    """What breaks an invariant now; `peers` are asked what they had."""
    outbox = site.edi_root / "crestline" / "outbox"
    files = {file.name: file.read_bytes() for file in outbox.iterdir()} if outbox.exists() else {}
    acknowledged = ledger.acknowledged if ledger else {}
    outside = Outside(
        erp=site.erp.orders(),
        sent=[(channel, po, sha256) for po, (channel, sha256) in acknowledged.items()],
        collected=files,
        spool=site.folder / "spool",
        arrivals=peers.arrivals() if peers else (),
        messages=peers.messages() if peers else (),
        watched=[*peers.partners, str(peers.endpoint)] if peers else (),
    )
    return broken(outside, only=only)
