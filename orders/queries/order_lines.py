"""What became of each line's quantity: ordered, confirmed, shipped, still open, and cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.choices import ChangeStatus, LineStatus, OrderStatus
from orders.models import ChangeRequest, OrderLine

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuantities:
    """In the line's unit. Ordered is always shipped plus open plus cancelled; cancelled also counts what was refused
    and what changes took away.
    """

    ordered: Decimal
    confirmed: Decimal
    shipped: Decimal
    open: Decimal
    cancelled: Decimal

    def shown(self, line: OrderLine) -> tuple[str, str]:
        """State and word of the line as its buyer sees it: what has left counts before what was decided of it."""
        if self.shipped and not self.open and line.status in (LineStatus.ACCEPTED, LineStatus.BACKORDERED):
            return OrderStatus.SHIPPED.value, str(OrderStatus.SHIPPED.label)
        if self.shipped and line.status == LineStatus.ACCEPTED:
            return OrderStatus.PART_SHIPPED.value, str(OrderStatus.PART_SHIPPED.label)
        return line.status, str(line.get_status_display())


def quantities_of(lines: Sequence[OrderLine], changes: Iterable[ChangeRequest]) -> dict[str, LineQuantities]:
    """By line number; no query."""
    less = _taken_away(changes)
    return {line.line_no: _of(line, less.get(line.line_no, NOTHING)) for line in lines}


def _of(line: OrderLine, less: Decimal) -> LineQuantities:
    ended = line.status in (LineStatus.REJECTED, LineStatus.CANCELLED)
    gone = max(line.quantity - line.shipped_quantity, NOTHING) if ended else NOTHING
    # A line that a change ended keeps its quantity, so what that change took is in `gone` already.
    cancelled = gone if ended else less
    return LineQuantities(
        ordered=line.quantity + (NOTHING if ended else less),
        confirmed=line.confirmed_quantity,
        shipped=line.shipped_quantity,
        open=line.open_quantity,
        cancelled=cancelled,
    )


def _taken_away(changes: Iterable[ChangeRequest]) -> dict[str, Decimal]:
    """Line number -> by how much changes that were done made it less."""
    found: dict[str, Decimal] = {}
    for change in changes:
        if change.status != ChangeStatus.APPLIED:
            continue
        for answer in change.answers:
            if not answer["accepted"] or answer["before"] is None or answer["quantity"] is None:
                continue
            less = Decimal(answer["before"]) - Decimal(answer["quantity"])
            if less > 0:
                found[answer["line_no"]] = found.get(answer["line_no"], NOTHING) + less
    return found
