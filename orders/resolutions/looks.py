"""Ways to read an order from its case: as it was mapped, and as the ERP got and told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distportal.common.entries import entries
from exceptions.registry import Look, register_look
from orders.models import ErpCommand, Order
from orders.queries.commands import order_of

if TYPE_CHECKING:
    from exceptions.models import Case

SUBJECTS = frozenset({"order", "command"})


def mapped(case: Case) -> dict[str, Any] | None:
    """The order as it is in force."""
    order = _order(case)
    return {"order": order, "entries": entries(order.canonical)} if order else None


def told(case: Case) -> dict[str, Any] | None:
    """Each command to the ERP about it with what it answered, the oldest first; none for an order it never heard of."""
    rows = ErpCommand.objects.order_by("requested_at", "pk")
    order = _order(case)
    rows = rows.filter(order=order) if order else rows.filter(pk=case.subject_id)
    found = [{"command": row, "sent": entries(row.draft), "answer": entries(row.erp_state or {})} for row in rows[:20]]
    return {"commands": found} if found else None


def _order(case: Case) -> Order | None:
    try:
        return Order.objects.select_related("account").get(pk=order_of(case))
    except LookupError:
        return None


register_look(
    Look(name="mapped", title="Mapped", subjects=SUBJECTS, template="orders/ops/_look_mapped.html", find=mapped)
)
register_look(Look(name="erp", title="ERP", subjects=SUBJECTS, template="orders/ops/_look_erp.html", find=told))
