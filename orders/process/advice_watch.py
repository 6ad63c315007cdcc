"""Look for what a warehouse shipped and the ERP has not booked in time."""

from __future__ import annotations

from django.db import transaction

from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from exceptions.process.cases import open_case
from orders.models import WarehouseAdvice
from orders.process.case_facts import about
from orders.process.locks import locked_order
from orders.queries.advices import overdue_advices


def watch_advices() -> int:
    """How many advices got a case now because the ERP's shipment is overdue; each gets one."""
    return sum(_tell(advice) for advice in overdue_advices(database_now()))


@transaction.atomic
def _tell(seen: WarehouseAdvice) -> bool:
    """Under the order's lock: the ERP's shipment may come in this moment."""
    order = locked_order(seen.order_id)
    advice = overdue_advices(database_now()).filter(pk=seen.pk).first()
    if advice is None:
        return False
    with correlated(advice.correlation_id):
        open_case(
            kind="warehouse.unbooked",
            code="unbooked",
            subject_type="warehouse_advice",
            subject_id=str(advice.pk),
            sentence=f"{advice.source} shipped {advice.number} of {order} from {advice.warehouse}, and the ERP has "
            "booked no such shipment: it can be neither announced nor billed",
            **about(order),
            data={"order": str(order.pk)},
        )
    return True
