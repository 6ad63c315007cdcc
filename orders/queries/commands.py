"""What the ERP was given last of an order."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from distportal.canonical.base import from_json
from distportal.systems.erp.port import OrderDraft
from exceptions.models import Case
from orders.choices import CommandKind, CommandState
from orders.models import Dispute, ErpCommand, Order


def draft_in_force(commands: Iterable[ErpCommand]) -> OrderDraft:
    """The draft that the ERP holds: that of the last change it granted, else that of the order. The commands are those
    of one order, oldest first. Raises LookupError without the order's own.
    """
    rows = list(commands)
    granted = [c for c in rows if c.kind == CommandKind.CHANGE and c.state == CommandState.CONFIRMED]
    if granted:
        return from_json(OrderDraft, granted[-1].draft["draft"])
    for command in rows:
        if command.kind == CommandKind.ORDER:
            return from_json(OrderDraft, command.draft)
    raise LookupError("the order was never to be sent to the ERP")


def order_behind(pk: UUID) -> int | None:
    """The number of the order that has this id, or whose command has it."""
    return Order.objects.filter(Q(pk=pk) | Q(commands=pk)).values_list("number", flat=True).first()


def order_of(case: Case) -> UUID:
    """The order that a case is about, itself or by its command. Raises LookupError for a command of no order."""
    if case.subject_type == "order":
        return UUID(case.subject_id)
    found = ErpCommand.objects.filter(pk=UUID(case.subject_id)).values_list("order_id", flat=True).first()
    if found is None:
        raise LookupError(f"{case} is about no order")
    return found


def requests_of(dispute: Dispute) -> list[ErpCommand]:
    """What was asked of the ERP about a dispute, the oldest first."""
    return list(ErpCommand.objects.filter(dispute=dispute).order_by("requested_at", "pk"))
