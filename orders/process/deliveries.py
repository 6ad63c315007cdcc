"""When a shipment was delivered: the earliest time that was told; no later word takes it back."""

from __future__ import annotations

import datetime as dt

from orders.models import Shipment


def note_delivered(shipment: Shipment, at: dt.datetime) -> None:
    """The shipment was delivered then, or earlier where that was told before. The caller holds the order's row lock."""
    current = Shipment.objects.values_list("delivered_at", flat=True).get(pk=shipment.pk)
    if current is None or at < current:
        Shipment.objects.filter(pk=shipment.pk).update(delivered_at=at)
        shipment.delivered_at = at
