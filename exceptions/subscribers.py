"""Dead work becomes a case in the transaction that marks it dead."""

from __future__ import annotations

import uuid

from distportal.events.base import Delivered
from distportal.events.registry import DeadWork, report_dead_work_to, subscribe
from distportal.observability.correlation import correlated
from distportal.threads.choices import Side
from exceptions.process.answered import take_up_answered
from exceptions.process.cases import open_case


@report_dead_work_to
def open_dead_work_case(dead: DeadWork) -> None:
    """One case for one dead job or delivery."""
    with correlated(uuid.UUID(dead.correlation_id)):
        open_case(
            kind=f"dead.{dead.source}",
            code="dead",
            subject_type=dead.subject_type,
            subject_id=dead.subject_id,
            sentence=f"{dead.kind} was given up: {dead.error}",
            queue="operations",
            data={"kind": dead.kind, "error": dead.error, **dead.data},
        )


@subscribe("thread.message_posted", destination="exceptions.answers", strict=False)
def take_up_answered_cases(event: Delivered) -> None:
    """What a dealer writes about a record ends the waiting of its cases."""
    told = event.payload
    if told["side"] == Side.DEALER:
        take_up_answered(subject_type=told["subject_type"], subject_id=told["subject_id"], by=told["by"])
