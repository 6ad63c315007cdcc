"""Short marks that change whenever what a reader sees of a record does: the ETags of the API."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from operator import attrgetter
from typing import Any

from distportal.canonical.base import plain
from orders.models import Dispute, Order, Return

_LINE = attrgetter(
    "line_no", "item_id", "status", "quantity", "unit_price", "confirmed_quantity", "shipped_quantity",
    "invoiced_quantity", "promised_on",
)  # fmt: skip
_SHIPMENT = attrgetter("number", "tracking_number")


def order_stamp(order: Order) -> str:
    """Of an order: itself, its lines, its changes, and what left and was billed of it, as far as that was read before
    without another query.
    """
    changes = sorted(order.change_requests.all(), key=attrgetter("requested_at", "pk"))
    return _mark(
        order.pk, order.version, order.status, order.erp_number, order.requested_on, order.total,
        [_LINE(line) for line in sorted(order.lines.all(), key=attrgetter("position"))],
        [(change.pk, change.status) for change in changes],
        sorted(map(_SHIPMENT, order.shipments.all())), sorted(row.number for row in order.invoices.all()),
    )  # fmt: skip


def claim_stamp(row: Dispute | Return) -> str:
    """Of a dispute or a return: every step of it moves its time of change."""
    return _mark(row.pk, row.status, row.updated_at)


def _mark(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=_told).encode()).hexdigest()[:24]


def _told(value: object) -> str:
    """10 and 10.000 are the same amount, whether it was read or has just been written."""
    return plain(value) if isinstance(value, Decimal) else str(value)
