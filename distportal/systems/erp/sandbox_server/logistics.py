"""The paths of the warehouse system (/wms) and of the carrier (/tms); what their people do is under staff."""

from __future__ import annotations

from . import carrier, warehouse
from .exchange import Reply, Request


def health(r: Request) -> Reply:
    """Version and time."""
    return Reply(200, {"version": f"sandbox-{r.parts[0]} 1.0", "time": r.server.store.now().isoformat()})


def releases(r: Request) -> Reply:
    """Everything under a reference."""
    with r.server.store.read() as tx:
        return Reply(200, {"releases": warehouse.find(tx, r.query.get("reference", ""))})


def release(r: Request) -> Reply:
    """One instruction."""
    with r.server.store.write(r.started) as tx:
        return Reply(200, warehouse.put(tx, r.parts[0], r.body))


def cancel(r: Request) -> Reply:
    """One instruction ends."""
    with r.server.store.write(r.started) as tx:
        return Reply(200, warehouse.cancel(tx, r.parts[0], r.body))


def events(r: Request) -> Reply:
    """A page of a feed."""
    with r.server.store.read() as tx:
        limit = int(r.query.get("limit", 200))
        return Reply(200, warehouse.feed(tx, f"{r.parts[0]}_event", r.query.get("cursor", ""), limit))


def packing_list(r: Request) -> Reply:
    """What the floor was asked last under a reference."""
    with r.server.store.read() as tx:
        return Reply(200, warehouse.packing_list(tx, r.parts[0]))


def staff_step(r: Request) -> Reply:
    """Somebody in the warehouse did something."""
    with r.server.store.write(r.started) as tx:
        return Reply(200, warehouse.step(tx, r.parts[0], r.parts[1], r.body))


def staff_event(r: Request) -> Reply:
    """An event of the tester's own, or one that is told again."""
    with r.server.store.write(r.started) as tx:
        if r.parts[0] == "tms":
            return Reply(200, carrier.tell(tx, r.body))
        if again := r.body.get("repeat"):
            return Reply(200, warehouse.repeat(tx, str(again)))
        kind, reference, event_id = (str(r.body.get(name, "")) for name in ("kind", "reference", "event_id"))
        return Reply(200, warehouse.tell(tx, kind, reference, r.body.get("payload") or {}, event_id))


LOGISTICS = (
    ("GET", "/(wms|tms)/v1/health", health),
    ("GET", "/wms/v1/releases", releases),
    ("PUT", r"/wms/v1/releases/([\w-]+)", release),
    ("POST", r"/wms/v1/releases/([\w-]+)/cancel", cancel),
    ("GET", "/(wms|tms)/v1/events", events),
    ("GET", r"/wms/staff/releases/([\w-]+)", packing_list),
    ("POST", r"/wms/staff/releases/([\w-]+)/(\w+)", staff_step),
    ("POST", "/(wms|tms)/staff/events", staff_event),
)
