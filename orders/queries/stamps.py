"""Short marks that change whenever what a reader sees of a record does: the ETags of the API."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from orders.models import Dispute, Order, Return


def order_stamp(order: Order) -> str:
    """Of an order: itself, its lines, its changes, and what left and was billed of it."""
    lines = order.lines.order_by("position").values_list(
        "line_no", "item", "status", "quantity", "unit_price", "confirmed_quantity", "shipped_quantity",
        "invoiced_quantity", "promised_on",
    )  # fmt: skip
    changes = order.change_requests.order_by("requested_at", "pk").values_list("pk", "status")
    return _mark(
        order.pk, order.version, order.status, order.erp_number, order.requested_on, order.total, list(lines),
        list(changes), list(order.shipments.order_by("number").values_list("number", "tracking_number")),
        list(order.invoices.order_by("number").values_list("number", flat=True)),
    )  # fmt: skip


def claim_stamp(row: Dispute | Return) -> str:
    """Of a dispute or a return: every step of it moves its time of change."""
    return _mark(row.pk, row.status, row.updated_at)


def _mark(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:24]
