"""Which ERP our orders were given to."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.systems.erp.port import Change
from orders.models import ErpCommand


def elsewhere(changes: Sequence[Change], *, of: str) -> list[Change]:
    """The shipments and invoices of the connection that name a reference of ours that was given to another ERP."""
    keys = {str(change.payload.get("order_key", "")) for change in changes}
    rows = ErpCommand.objects.filter(order_key__in=keys).exclude(erp=of) if keys else ErpCommand.objects.none()
    others = set(rows.values_list("order_key", flat=True))
    return [change for change in changes if change.payload.get("order_key") in others]
