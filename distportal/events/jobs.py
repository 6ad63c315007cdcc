"""Job rows: enqueue with the change, claim with a lease, finish with the token."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from distportal.events.burying import tell_job_dead
from distportal.events.choices import JobState
from distportal.events.clock import DatabaseNow
from distportal.events.hints import hint_job, lease_seconds
from distportal.events.models import Job
from distportal.events.pressure import spread_seconds
from distportal.events.registry import job_kind, tell_settled
from distportal.observability.correlation import correlation_id

MAX_BACKOFF_SECONDS = 900.0

# A job that is being run right now may have read the facts before our change: its row does not count as waiting.
_ENQUEUE = """
INSERT INTO events_job (id, lane, kind, key, share, payload, state, next_at, attempts, max_attempts,
                        last_error, correlation_id, created_at)
SELECT t.id, %(lane)s, %(kind)s, t.key, t.share, t.payload, 'ready',
       clock_timestamp() + make_interval(secs => %(delay)s), 0, %(most)s, '', t.correlation_id, clock_timestamp()
  FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(shares)s::text[], %(payloads)s::jsonb[], %(stories)s::uuid[])
       AS t (id, key, share, payload, correlation_id)
 ORDER BY t.key
ON CONFLICT (kind, key) WHERE state = 'ready'
DO UPDATE SET next_at = LEAST(events_job.next_at, EXCLUDED.next_at), rerun = events_job.lease_token IS NOT NULL
RETURNING id
"""
_CLAIM = """
UPDATE events_job
   SET lease_until = clock_timestamp() + make_interval(secs => %s), lease_token = %s, attempts = attempts + 1,
       lost = CASE WHEN lease_token IS NULL THEN 0 ELSE lost + 1 END
 WHERE id = %s AND state = 'ready' AND next_at <= clock_timestamp()
   AND (lease_until IS NULL OR lease_until < clock_timestamp())
RETURNING *
"""
# Whoever else is at some of them has them; of first tries no process has ended yet.
_CLAIM_SEVERAL = """
WITH due AS (
  SELECT job.id FROM unnest(%s::uuid[]) WITH ORDINALITY AS t (id, at) JOIN events_job AS job USING (id)
   WHERE job.kind = %s AND job.state = 'ready' AND job.next_at <= clock_timestamp() AND job.attempts = 0
     AND job.lease_token IS NULL
   ORDER BY t.at LIMIT %s FOR NO KEY UPDATE OF job SKIP LOCKED
)
UPDATE events_job SET lease_until = clock_timestamp() + make_interval(secs => %s), lease_token = %s, attempts = 1
  FROM due WHERE events_job.id = due.id
RETURNING events_job.*
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """One job of a kind: its key, what its handler gets, the account it is done for, and the story it belongs to."""

    key: str
    payload: Mapping[str, Any]
    share: str = ""
    correlation_id: uuid.UUID | None = None


def enqueue_job(
    kind: str, *, key: str, payload: Mapping[str, Any] | None = None, delay: float = 0.0, share: str = ""
) -> None:
    """A ready job of that kind and key exists after the commit; one that waits already is enough.

    `delay` in seconds; `share` is the code of the account it is done for, whose work takes turns with that of others.
    Raises KeyError for a kind nobody handles.
    """
    enqueue_jobs(kind, [JobRequest(key=key, payload=payload or {}, share=share)], delay=delay)


def enqueue_jobs(kind: str, requests: Sequence[JobRequest], *, delay: float = 0.0) -> None:
    """As `enqueue_job`, for many of different keys in one statement, in the order of the keys."""
    known = job_kind(kind)
    if known is None:
        raise KeyError(f"no handler for jobs of kind {kind}")
    if not requests:
        return
    values: dict[str, Any] = {
        "lane": known.lane,
        "kind": kind,
        "delay": delay,
        "most": known.max_attempts,
        "ids": [uuid.uuid4() for _ in requests],
        "keys": [request.key for request in requests],
        "shares": [request.share[:40] for request in requests],
        "payloads": [json.dumps(request.payload) for request in requests],
        "stories": [request.correlation_id or correlation_id() for request in requests],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, values)
        found: list[uuid.UUID] = [row[0] for row in cursor.fetchall()]
    if delay <= 0:
        for job_id in found:
            transaction.on_commit(partial(hint_job, job_id, known.lane))


def claim_job(job_id: uuid.UUID, *, lane: str = "", lease: float | None = None) -> Job | None:
    """The job with a fresh lease and token, its attempt counted; None if it is not due or somebody has it.

    `lease` in seconds; without one that of the `lane` holds.
    """
    claimed: Iterator[Job] = iter(Job.objects.raw(_CLAIM, [lease or lease_seconds(lane), uuid.uuid4(), job_id]))
    return next(claimed, None)


def claim_first_tries(kind: str, ids: Sequence[uuid.UUID], *, lane: str, most: int) -> list[Job]:
    """As `claim_job`, at most so many of these jobs of the kind that nobody has tried yet, in their order."""
    values = [list(ids), kind, most, lease_seconds(lane), uuid.uuid4()]
    claimed = {job.id: job for job in Job.objects.raw(_CLAIM_SEVERAL, values)}
    return [claimed[job_id] for job_id in ids if job_id in claimed]


def finish_jobs(jobs: Sequence[Job]) -> None:
    """As `finish_job`, for jobs that were claimed together."""
    if not jobs:
        return
    plain = [job.id for job in jobs if job.revived_at is None]
    mine = Job.objects.filter(id__in=plain, lease_token=jobs[0].lease_token, state=JobState.READY, rerun=False)
    done = mine.update(state=JobState.DONE, done_at=DatabaseNow(), lease_until=None, lease_token=None, last_error="")
    if done < len(jobs):
        for job in jobs:
            finish_job(job)


def finish_job(job: Job) -> bool:
    """Whether the job is done now; False if the lease was lost to somebody else.

    A job that was enqueued again while it ran becomes ready again instead, with its attempts forgotten.
    """
    if job.revived_at is None:
        return _finish(job)
    with transaction.atomic():
        finished = _finish(job)
        if finished:
            tell_settled("job", str(job.id))
    return finished


def _finish(job: Job) -> bool:
    mine = Job.objects.filter(id=job.id, lease_token=job.lease_token, state=JobState.READY)
    done = mine.filter(rerun=False).update(
        state=JobState.DONE, done_at=DatabaseNow(), lease_until=None, lease_token=None, last_error=""
    )
    if done:
        return True
    again = mine.filter(rerun=True).update(
        rerun=False,
        attempts=0,
        next_at=DatabaseNow(),
        lease_until=None,
        lease_token=None,
        last_error="",
        revived_at=None,
    )
    if again:
        hint_job(job.id, job.lane)
    return bool(again)


def postpone_job(job: Job, *, reason: str, after: float | None, counts: bool) -> bool:
    """Whether the job waits for its next try; False if it had no tries left and is dead now.

    `after` in seconds; None backs off by full jitter. `counts` False gives the attempt back; such work comes back a
    little later than asked, the further apart the deeper its lane is, so that an outage does not end in a herd.
    """
    if counts and job.attempts >= job.max_attempts:
        bury_job(job, error=reason)
        return False
    wait = backoff(job.attempts) if after is None else after
    if not counts and wait > 0:
        wait += random.uniform(0, wait / 4 + spread_seconds(job.lane))  # noqa: S311 - as in backoff
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE events_job SET next_at = clock_timestamp() + make_interval(secs => %s), lease_until = NULL,
                      lease_token = NULL, last_error = %s, attempts = attempts - %s, rerun = false
                WHERE id = %s AND lease_token = %s AND state = 'ready'""",
            [wait, reason[:2000], 0 if counts else 1, job.id, job.lease_token],
        )
    return True


@transaction.atomic
def bury_job(job: Job, *, error: str) -> None:
    """The job is dead and its case is open, both or neither; nothing happens if the lease was lost."""
    buried = Job.objects.filter(id=job.id, lease_token=job.lease_token, state=JobState.READY).update(
        state=JobState.DEAD, lease_until=None, lease_token=None, last_error=error[:2000], done_at=DatabaseNow()
    )
    if not buried:
        return
    tell_job_dead(job, error)


def backoff(attempt: int) -> float:
    """Seconds to wait before the next try: full jitter, doubling from the setting's minimum up to 15 minutes."""
    least = settings.JOB_RETRY_MIN_SECONDS
    most = min(MAX_BACKOFF_SECONDS, least * 2 ** max(attempt - 1, 0))
    return random.uniform(least / 2, most)  # noqa: S311 - keeps retries apart, nothing is secret
