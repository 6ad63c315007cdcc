"""The job of a simulated order. It is handled only by the process that imports this: no worker of a site does."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from distportal.events.errors import RetryLater
from distportal.events.registry import job_handler
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.errors import Transient, UnknownOutcome
from distportal.systems.registry import erp

CONNECTION = "peak"
LANE = "peak"
KIND = "peak.send_order"
SETTLE_SECONDS = 2.0


@job_handler(KIND, lane=LANE, max_attempts=50)
def send_order(payload: Mapping[str, Any]) -> None:
    """Bring one order to the ERP through the guard, once: its key is looked up before it is made."""
    line = DraftLine(line_key="1", sku="PLB-30001", quantity=Decimal(1), unit="EA", unit_price=Decimal("8.80"))
    draft = OrderDraft(
        order_key=payload["order"],
        content_hash=payload["order"],
        customer="HARBOR",
        ship_to="HARBOR-01",
        currency="USD",
        lines=(line,),
    )
    try:
        erp(CONNECTION).advance_order(draft, None)
    except Transient as error:
        raise RetryLater(error.message, after=error.retry_after, counts=False) from error
    except UnknownOutcome as error:
        raise RetryLater(error.message, after=SETTLE_SECONDS, counts=False) from error
