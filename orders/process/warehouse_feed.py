"""Read what warehouse systems tell; each event is kept once."""

from __future__ import annotations

from distportal.systems.logistics import wms
from orders.process.feeds import begin_reading, read_feed
from orders.process.warehouse_events import take_event

READ_ONE_JOB = "orders.read_warehouse"


def read_warehouses() -> int:
    """How many warehouse systems are read now."""
    return begin_reading(role="wms", job=READ_ONE_JOB)


def read_warehouse(*, connection: str) -> None:
    """Everything new of one system is taken. Raises RetryLater while it does not answer."""
    read_feed(
        feed=f"wms:{connection}",
        port_of=lambda: wms(connection),
        take=lambda event: take_event(connection=connection, event=event),
    )
