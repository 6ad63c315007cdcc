"""What can be done with a dispute now, and if not, why not."""

from __future__ import annotations

from orders.choices import DISPUTE_STEPS, DisputeStatus
from orders.models import Dispute


def why_not(row: Dispute, step: str) -> str:
    """Why a step of DISPUTE_STEPS is not possible now, in a sentence; empty where it is."""
    known = DISPUTE_STEPS[step]
    if row.status in known.since:
        return ""
    wanted = " or ".join(DisputeStatus(status).label.lower() for status in known.since)
    return f"{row} is {row.get_status_display().lower()} and cannot {known.label}; it could while it is: {wanted}"


def possible_steps(row: Dispute) -> list[str]:
    """The steps that are possible now, in the order of the table."""
    return [name for name, step in DISPUTE_STEPS.items() if row.status in step.since]
