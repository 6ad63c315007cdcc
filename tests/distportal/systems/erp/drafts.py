"""Drafts for the tests: each with a key of its own."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from distportal.systems.erp.port import DraftLine, OrderDraft, OrderState
from distportal.systems.erp.sandbox_rest import SandboxErp

_numbers = itertools.count(1)


def line(key: str = "1", sku: str = "PLB-30001", quantity: int = 2, unit: str = "EA", price: str = "8.80") -> DraftLine:
    """A line of brass valves at the dealer's price."""
    return DraftLine(line_key=key, sku=sku, quantity=Decimal(quantity), unit=unit, unit_price=Decimal(price))


def draft(*lines: DraftLine, **changes: Any) -> OrderDraft:
    """An order of Harbor Hardware."""
    values: dict[str, Any] = {
        "order_key": f"NL-T-{next(_numbers):05d}",
        "content_hash": "hash-1",
        "customer": "HARBOR",
        "ship_to": "HARBOR-01",
        "currency": "USD",
        "lines": lines or (line(),),
        "customer_po": "PO-77",
    }
    return OrderDraft(**{**values, **changes})


def accepted(erp: SandboxErp, wanted: OrderDraft) -> OrderState:
    """The order after create, confirm and process."""
    state = erp.advance_order(wanted, None)
    state = erp.advance_order(wanted, state)
    return state if wanted.kind == "credit_request" else erp.advance_order(wanted, state)
