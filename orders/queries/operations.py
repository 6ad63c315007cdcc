"""What operations look at: commands to the ERP by state, feeds with their lag, and the last comparisons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, TextChoices

from distportal.events.clock import database_now
from inventory.models import FeedCursor, Reconciliation
from orders.choices import CommandState, ReleaseState
from orders.models import ErpCommand, WarehouseRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCount:
    """How many commands are in a state, and since when the oldest waits."""

    state: str
    label: str
    count: int
    oldest: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed; `lag_seconds` since it was last read to its end, None before the first time."""

    kind: str
    connection: str
    shadowed: int
    lag_seconds: float | None
    failing_since: dt.datetime | None
    last_error: str
    changes_applied: int

    @property
    def title(self) -> str:
        """What people call it: an ERP's feed by its kind, that of another system by its connection."""
        system, _, name = self.kind.partition(":")
        return {"wms": f"Warehouse {name}", "tms": f"Carrier {name}"}.get(system, self.kind.capitalize())

    @property
    def source(self) -> tuple[str, str]:
        """The layer of the system that tells it, and its name there: an ERP's feed is its connection's."""
        system, _, name = self.kind.partition(":")
        return (system, name) if name else ("erp", self.connection)

    @property
    def word(self) -> str:
        """`failed`, `late` or `active`."""
        if self.failing_since:
            return "failed"
        return "late" if self.lag_seconds is None or self.lag_seconds > 600 else "active"


def commands_by_state() -> list[CommandCount]:
    """Every open state and the refused ones; the confirmed ones are not counted: they only grow."""
    return _by_state(ErpCommand.objects.all(), CommandState, (*CommandState.OPEN, CommandState.REJECTED))


def releases_by_state() -> list[CommandCount]:
    """The same of instructions to warehouse systems."""
    return _by_state(WarehouseRelease.objects.all(), ReleaseState, (*ReleaseState.OPEN, ReleaseState.REJECTED))


def _by_state(rows: QuerySet[Any], words: type[TextChoices], states: Sequence[str]) -> list[CommandCount]:
    counted = rows.filter(state__in=states).values("state").annotate(count=Count("pk"), oldest=Min("requested_at"))
    found = {row["state"]: row for row in counted}
    return [
        CommandCount(
            state=state,
            label=str(words(state).label),
            count=found[state]["count"] if state in found else 0,
            oldest=found[state]["oldest"] if state in found else None,
        )
        for state in states
    ]


def stuck_commands() -> QuerySet[ErpCommand]:
    """The commands that were refused or whose answer is unknown, the oldest first, fifty at most."""
    rows = ErpCommand.objects.filter(state__in=(CommandState.UNKNOWN, CommandState.REJECTED))
    return rows.select_related("order", "dispute").order_by("requested_at")[:50]


def feeds() -> list[Feed]:
    """Every feed by connection and name."""
    now = database_now()
    return [
        Feed(
            kind=row.kind,
            connection=row.connection,
            shadowed=row.shadowed,
            lag_seconds=(now - row.read_at).total_seconds() if row.read_at else None,
            failing_since=row.failing_since,
            last_error=row.last_error,
            changes_applied=row.changes_applied,
        )
        for row in FeedCursor.objects.order_by("connection", "kind")
    ]


def last_comparisons() -> list[Reconciliation]:
    """The newest comparison of each kind with each connection."""
    return list(Reconciliation.objects.order_by("connection", "kind", "-started_at").distinct("connection", "kind"))
