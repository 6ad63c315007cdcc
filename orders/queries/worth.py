"""What waits for the ERP, in money."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Min, Sum

from orders.choices import CommandState
from orders.models import ErpCommand


@dataclass(slots=True, kw_only=True)
class WaitingForErp:
    """What one ERP connection has not confirmed: how many commands, since when, and their orders' worth by currency."""

    connection: str
    commands: int = 0
    since: object = None
    money: dict[str, Decimal] = field(default_factory=dict)


def waiting_for_erp() -> dict[str, WaitingForErp]:
    """By connection; one query over the open commands."""
    rows = (
        ErpCommand.objects.filter(state__in=CommandState.OPEN)
        .order_by("erp", "order__currency")
        .values("erp", "order__currency")
        .annotate(commands=Count("pk"), since=Min("requested_at"), worth=Sum("order__total"))
    )
    found: dict[str, WaitingForErp] = {}
    for row in rows:
        one = found.setdefault(row["erp"], WaitingForErp(connection=row["erp"]))
        one.commands += row["commands"]
        one.since = min(filter(None, (one.since, row["since"])), default=None)
        if row["worth"]:
            one.money[row["order__currency"]] = row["worth"]
    return found
