"""What waits for an ERP."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Count, F, Sum

from orders.choices import CommandState
from orders.models import ErpCommand


def orders_waiting(erp: str) -> tuple[int, Mapping[str, Decimal]]:
    """How many orders have a command that the ERP has not settled, and their totals by currency; one query."""
    rows = ErpCommand.objects.filter(erp=erp, state__in=CommandState.OPEN, order__isnull=False)
    found = rows.order_by().values("order__currency").annotate(
        count=Count("order", distinct=True), sum=Sum(F("order__total"))
    )  # fmt: skip
    counted = [(row["order__currency"], row["count"], row["sum"] or Decimal(0)) for row in found]
    return sum(count for _, count, _ in counted), {currency: total for currency, _, total in counted if total}
