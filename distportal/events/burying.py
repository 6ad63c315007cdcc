"""Tell of work that was given up, in the transaction that gives it up."""

from __future__ import annotations

from distportal.events.models import Job, OutboxDelivery
from distportal.events.registry import DeadWork, dead_sinks


def tell_job_dead(job: Job, error: str) -> None:
    """Whoever wants to know of dead work is told of the job."""
    _tell(
        DeadWork(
            source="job",
            kind=job.kind,
            subject_type="job",
            subject_id=str(job.id),
            error=error,
            correlation_id=str(job.correlation_id),
            data={"lane": job.lane, "key": job.key, "attempts": job.attempts, "payload": job.payload},
        )
    )


def tell_delivery_dead(row: OutboxDelivery, error: str) -> None:
    """The same of an event that a subscriber could not take."""
    _tell(
        DeadWork(
            source="delivery",
            kind=row.destination,
            subject_type="delivery",
            subject_id=str(row.pk),
            error=error,
            correlation_id=str(row.event.correlation_id),
            data={
                "event": row.event.type,
                "aggregate": f"{row.aggregate_type}/{row.aggregate_id}",
                "seq": row.seq,
                "attempts": row.attempts + row.lost,
            },
        )
    )


def _tell(dead: DeadWork) -> None:
    for sink in dead_sinks():
        sink(dead)
