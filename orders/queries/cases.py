"""The cases that are about an order."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from exceptions.models import Case
from exceptions.queries import open_cases
from orders.models import ChangeRequest, ErpCommand, Order


def open_cases_of(order: Order) -> QuerySet[Case]:
    """Open cases of the order, of its changes and of its ERP commands, worst first."""
    commands = [str(pk) for pk in ErpCommand.objects.filter(order=order).values_list("pk", flat=True)]
    changes = [str(pk) for pk in ChangeRequest.objects.filter(order=order).values_list("pk", flat=True)]
    about = (
        Q(subject_type="order", subject_id=str(order.pk))
        | Q(subject_type="command", subject_id__in=commands)
        | Q(subject_type="order_change", subject_id__in=changes)
    )
    return open_cases().filter(about).order_by("-severity", "created_at")


def disputes_told_of(code: str) -> list[UUID]:
    """The disputes that have an open case of that code."""
    rows = open_cases().filter(subject_type="dispute", code=code)
    return [UUID(pk) for pk in rows.values_list("subject_id", flat=True)]
