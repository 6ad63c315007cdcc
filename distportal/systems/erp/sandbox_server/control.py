"""The control port for tests and demonstrations: faults, switches, the ledger and all live orders."""

from __future__ import annotations

from dataclasses import asdict

from . import ledger
from .errors import Invalid
from .exchange import Reply, Request
from .orders import LIVE, order_view


def show(r: Request) -> Reply:
    """The plan, the switches, the ledger (`order_key`), or ALL live orders (`reference`, empty for all)."""
    server, what = r.server, r.parts[0]
    if what == "faults":
        return Reply(200, {"faults": server.faults.view()})
    if what == "config":
        return Reply(200, asdict(server.config.now))
    if what == "ledger":
        return Reply(200, {"ledger": ledger.lines(server.store, r.query.get("order_key", ""))})
    with server.store.read() as tx:
        reference = r.query.get("reference", "")
        found = tx.rows(f"SELECT * FROM orders WHERE ? IN ('', reference) AND {LIVE} ORDER BY id", reference)
        return Reply(200, {"orders": [order_view(tx, order) for order in found]})


def change(r: Request) -> Reply:
    """Replace the fault plan ({"seed", "faults": []}) or change switches; the state after it."""
    if r.parts[0] == "config":
        return Reply(200, r.server.config.change(r.body))
    rules = r.body.get("faults", [])
    if not isinstance(rules, list):
        raise Invalid("fault_invalid", "faults is a list")
    r.server.faults.set(rules, int(r.body.get("seed", 1)))
    return Reply(200, {"faults": r.server.faults.view()})
