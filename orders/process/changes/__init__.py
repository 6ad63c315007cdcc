"""Change or cancel an order that was placed, by whatever channel it is asked."""

from orders.process.changes.requests import ChangePlacement, request_change

__all__ = ["ChangePlacement", "request_change"]
