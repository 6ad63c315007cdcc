"""What warehouses told, and what of it waits."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from exceptions.queries import open_cases
from orders.choices import AdviceState
from orders.models import WarehouseAdvice


def overdue_advices(now: dt.datetime) -> QuerySet[WarehouseAdvice]:
    """Advices that the ERP should have booked by now and that nobody was told of, the oldest first."""
    told = open_cases().filter(subject_type="warehouse_advice", code="unbooked").values_list("subject_id", flat=True)
    rows = WarehouseAdvice.objects.filter(state=AdviceState.WAITING, due_at__lte=now)
    return rows.exclude(pk__in=list(told)).select_related("warehouse").order_by("due_at")


def advices_of_story(correlation_id: UUID) -> QuerySet[WarehouseAdvice]:
    """The advices that carry the id of a story."""
    return WarehouseAdvice.objects.filter(correlation_id=correlation_id).select_related("warehouse", "order")
