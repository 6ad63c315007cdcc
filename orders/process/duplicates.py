"""The ERP holds an order more than once: an alarm for operations, and the one case that a person settles."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import transaction

from distportal.canonical.base import to_json
from distportal.systems.erp.port import OrderState
from exceptions.process.cases import open_case
from orders.models import ErpCommand
from orders.process.case_facts import about

DUPLICATE = "erp.duplicate_order"
log = structlog.get_logger(__name__)


@transaction.atomic
def alarm_duplicates(command: ErpCommand, matches: Sequence[OrderState]) -> None:
    """The case is open, the figure `portal_cases_open` counts it, and the log has an error."""
    numbers = [match.number for match in matches if match.stage != "cancelled"]
    key = matches[0].order_key if matches else command.order_key
    log.error("erp.held_twice", order_key=key, numbers=numbers)
    open_case(
        kind="erp.duplicate",
        code="erp_duplicate",
        subject_type="command",
        subject_id=str(command.pk),
        sentence=f"The ERP holds {len(numbers)} orders under {key}: {', '.join(numbers)}",
        severity=4,
        queue="operations",
        **about(command.order),
        data={"orders": [to_json(match) for match in matches]},
    )
