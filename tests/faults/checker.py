"""Ask the portal's database, and what stands outside of it, whether the eight invariants hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from distportal.common.states import Transitions
from distportal.events import registry
from orders.choices import CHANGE_MOVES, COMMAND_MOVES, DISPUTE_MOVES, ORDER_MOVES, RETURN_MOVES
from tests.faults.invariants import INVARIANTS, OUTSIDE

MOVES: Mapping[str, Transitions] = {
    "order": ORDER_MOVES,
    "command": COMMAND_MOVES,
    "dispute": DISPUTE_MOVES,
    "return": RETURN_MOVES,
    "change": CHANGE_MOVES,
}


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that breaks an invariant."""

    invariant: str
    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.invariant[:2]} {self.subject}: {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that a partner had, each time it came; `number` is its ISA13, `message_id` that of AS2 or nothing."""

    partner: str
    name: str
    number: str
    sha256: str
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a webhook's receiver had, each time it came; `signed`: by its secret, over its own id."""

    endpoint: str
    event_id: str
    body: bytes
    signed: bool
    subject: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What others hold: `erp` the ERP's live orders in its own words, `sent` (channel, PO, sha256 of a file or nothing)
    of what senders had acknowledged, `collected` the files partners took by name, `spool` the folder of large bodies,
    `arrivals` and `messages` in the order in which they came, all there are of the partners and webhooks `watched`.
    """

    erp: Iterable[Mapping[str, Any]] = ()
    sent: Iterable[tuple[str, str, str]] = ()
    collected: Mapping[str, bytes] = field(default_factory=dict)
    spool: Path | None = None
    arrivals: Sequence[Arrival] = ()
    messages: Sequence[Message] = ()
    watched: Sequence[str] = ()


def broken(outside: Outside, *, patience: float = 120.0, only: str = "") -> list[Broken]:
    """Every row that breaks an invariant (`only`: of those whose name begins so). `patience`: seconds of I7."""
    values = _values(outside, patience)
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        # A server that was killed has old statistics: it takes twenty thousand rows for one, and compares all with all.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for table, query in OUTSIDE.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {query}", values)
            cursor.execute(f"ANALYZE {table}")
        for name, query in INVARIANTS.items():
            if name.startswith(only):
                cursor.execute(query, values)
                found += [Broken(name, subject, problem) for subject, problem in cursor.fetchall()]
        transaction.set_rollback(True)  # the tables go, and so do their locks, also in a test's one long transaction
    return found


def _values(outside: Outside, patience: float) -> dict[str, Any]:
    sent = [{"channel": channel, "po": po, "sha256": sha} for channel, po, sha in outside.sent]
    collected = [{"name": name, "sha256": _sha256(content)} for name, content in outside.collected.items()]
    files = outside.spool.glob("??/*") if outside.spool else ()
    moves = [
        {"thing": thing, "old": old, "new": new}
        for thing, table in MOVES.items()
        for old, news in table.items()
        for new in news
    ]
    return {
        "erp": json.dumps([{"reference": o["reference"], "number": o["number"]} for o in outside.erp]),
        "sent": json.dumps(sent),
        "collected": json.dumps(collected),
        "spool": json.dumps([{"sha256": file.name, "actual": _sha256(file.read_bytes())} for file in files]),
        "arrived": json.dumps([{**asdict(one), "place": place} for place, one in enumerate(outside.arrivals)]),
        "posted": json.dumps([_posted(one) for one in outside.messages]),
        "watched": list(outside.watched),
        "strict": sorted(name for name, known in registry._subscriptions.items() if known.strict),
        "moves": json.dumps(moves),
        "patience": patience,
    }


def _posted(one: Message) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("endpoint", "event_id", "signed", "sequence")}
    return {**told, "sha256": _sha256(one.body)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
