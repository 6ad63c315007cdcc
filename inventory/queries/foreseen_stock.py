"""Stock as it would be if some demands were not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inventory.choices import ReservationState
from inventory.models import Reservation
from inventory.queries.availability import StockView


def stock_without(*, item_ids: Collection[int], demand_refs: Sequence[str]) -> StockView:
    """The view of these items with what is held for the demands given back to it; nothing is written or locked."""
    view = StockView(item_ids)
    held = Reservation.objects.filter(demand_ref__in=demand_refs, state=ReservationState.HELD, item_id__in=item_ids)
    for row in held:
        view.take(
            item_id=row.item_id, warehouse_id=row.warehouse_id, due_on=row.due_on, quantity=-row.quantity,
            good_until=row.good_until,
        )  # fmt: skip
    return view
