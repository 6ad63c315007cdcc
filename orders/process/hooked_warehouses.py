"""What a warehouse posts by itself, where it does not wait until it is asked: the same as by its feed."""

from __future__ import annotations

from distportal.systems.models import LogisticsConnection
from distportal.systems.wms.port import WmsEvent
from distportal.webhooks.uses import Incoming, Unusable
from orders.process.warehouse_events import take_event


def use_warehouse(event: Incoming) -> str:
    """`warehouse.event`: stock that was adjusted, goods that were picked, packed, shipped or will not leave, as
    docs/wms-rest.openapi.yaml has its events, with the `connection` that it is of. What comes by the feed as well is
    one event. Raises Unusable, KeyError, ValueError, TypeError.
    """
    if event.data["type"] != "warehouse.event":
        return f"nothing to do for {str(event.data['type'])[:60]}"
    told = dict(event.data["data"])
    name = str(told["connection"])
    connection = LogisticsConnection.objects.filter(
        name=name, role=LogisticsConnection.Role.WMS, active=True
    ).first()  # fmt: skip
    if connection is None:
        raise Unusable(f"no warehouse connection is called {name[:30]}")
    row = take_event(connection=connection.name, event=WmsEvent.told(told))
    about = f" of {row.reference}" if row.reference else ""
    return f"{row.kind}{about} at {connection.title}: {row.get_state_display().lower()}"
