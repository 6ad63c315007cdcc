"""What was promised of the lines of an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.queries.promises import PromiseLog, promise_logs

if TYPE_CHECKING:
    from orders.models import OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePromise:
    """A line, and what was promised of it in base units."""

    line: OrderLine
    log: PromiseLog


def promises_of(lines: Sequence[OrderLine]) -> list[LinePromise]:
    """The promise logs of the lines that have one, in one query."""
    logs = promise_logs(demand_refs=[line.demand_ref for line in lines])
    return [LinePromise(line=line, log=logs[line.demand_ref]) for line in lines if line.demand_ref in logs]
