"""Keep the queue tables small: done work older than a week goes. Events stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from distportal.accounts.personal import DataClass
from distportal.events.errors import RetryLater
from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep, remove_all_old

keep(
    Retention(
        name="jobs",
        table="events_job",
        clock="done_at",
        age="CASE WHEN state IN ('done', 'discarded') THEN done_at END",
        days=7,
    )
)
keep(
    Retention(
        name="deliveries",
        table="events_outboxdelivery",
        age="CASE WHEN state IN ('delivered', 'discarded') THEN delivered_at END",
        days=7,
    )
)
# What a subscriber has had can come again only as long as its delivery is there.
keep(
    Retention(
        name="consumed_events",
        table="events_consumedevent",
        age="""SELECT CASE WHEN e.occurred_at >= %(before)s OR NOT EXISTS (
                   SELECT FROM events_outboxdelivery d WHERE d.event_id = e.id) THEN e.occurred_at END
                 FROM events_outboxevent e WHERE e.id = kept.event_id""",
        days=30,
    )
)
keep(
    Retention(
        name="idempotency_keys",
        table="events_idempotencykey",
        clock="created_at",
        age="created_at",
        days=30,
        data_class=DataClass.CONTENT,
    )
)
keep(Retention(name="schedule_runs", table="events_schedulerun", age="started_at", days=1))


@job_handler("events.clean_up", lane="bulk")
def clean_up_job(_: Mapping[str, Any]) -> None:
    """Remove what is older than it is kept; what takes longer than a run is left to the next one."""
    _, finished = remove_all_old()
    if not finished:
        raise RetryLater("more rows are old than a run removes", after=5.0, counts=False)
