"""Run one job: claim, handle, write the verdict. This is the boundary that keeps one bad job from the others."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import structlog
from django.db import DatabaseError, connection

from distportal.common.errors import DomainError
from distportal.common.marks import A_KEY
from distportal.common.network_words import network_words
from distportal.common.prepared import PreparedValues
from distportal.events.choices import JobState
from distportal.events.errors import GiveUp, RetryLater
from distportal.events.jobs import bury_job, claim_first_tries, claim_job, finish_job, finish_jobs, postpone_job
from distportal.events.models import Job
from distportal.events.pauses import LOOK_AGAIN_SECONDS, is_paused
from distportal.events.pressure import waits
from distportal.events.registry import JobKind, SeveralHandler, job_kind
from distportal.events.turns import due_in_turns, next_in_turn
from distportal.events.working import working
from distportal.observability.correlation import correlated
from distportal.observability.spans import Facts, Span, span, untold

_JOB = PreparedValues(
    lambda pk: Job.objects.filter(pk=pk).values_list("kind", "share", "lane", "state", "attempts"), A_KEY
)
_TURNS_TRIED = 3
"""Another worker may be quicker with the one whose turn it is."""
MOST_LOST = 5
"""So many processes in a row may end over one piece of work, whatever its kind may fail otherwise."""
MOST_SEVERAL = 8
OTHERS = 4
"""As if so many were at the lane: each takes its part of what is due, and one job where that is less."""
log = structlog.get_logger(__name__)


def run_job(job_id: uuid.UUID) -> bool:
    """Whether this call ran the job (whatever its outcome); False if it was not due, taken, or unknown to this code.

    A job of one account may stand for another one: the accounts of a lane take turns, and who is told of the thousandth
    job of one runs the first job of the next. It may stand for several where many are due.
    """
    known = _JOB.first(job_id)
    if known is None:
        return False
    kind, share, lane, state, attempts = known
    if not (state == JobState.READY and attempts) and _run_several(kind):
        return True
    for _ in range(_TURNS_TRIED if share else 0):
        in_turn = next_in_turn(lane)
        if in_turn is None or _run(*in_turn):
            return in_turn is not None
    return _run(job_id, kind)


def _run_several(kind: str) -> int:
    """How many first tries of the kind were run now, the accounts in turn; none of a kind that are not run together."""
    handler = job_kind(kind)
    if handler is None or handler.several is None or waits(handler):
        return 0
    due = [job_id for job_id, _ in due_in_turns(older_than=0, lane=handler.lane, limit=MOST_SEVERAL * OTHERS)]
    jobs = claim_first_tries(kind, due, lane=handler.lane, most=max(len(due) // OTHERS, 1))
    if len(jobs) == 1:
        _work(jobs[0], handler)
    elif jobs and is_paused(kind):
        _let_rest(jobs)
    elif jobs:
        _do_several(jobs, handler, handler.several)
    return len(jobs)


def _do_several(jobs: Sequence[Job], known: JobKind, handler: SeveralHandler) -> None:
    facts: Facts = {"portal.job.kind": known.kind, "portal.job.lane": known.lane, "portal.job.count": len(jobs)}
    with span(known.kind, "consumer", facts) as told:
        with working():
            outcomes = list(zip(jobs, handler([_payload(job) for job in jobs]), strict=True))
        finish_jobs([job for job, error in outcomes if error is None])
        for job, error in outcomes:
            with correlated(job.correlation_id):
                if error is None:
                    _tell_done(job, known)
                else:
                    _handle(job, known, told, partial(_fail, error))


def _payload(job: Job) -> dict[str, Any]:
    return {**job.payload, "_job": str(job.id), "_key": job.key, "_attempt": job.attempts, "_story": job.correlation_id}


def _let_rest(jobs: Sequence[Job]) -> None:
    for job in jobs:
        postpone_job(job, reason="its flow is paused", after=LOOK_AGAIN_SECONDS, counts=False)


def _run(job_id: uuid.UUID, kind: str) -> bool:
    handler = job_kind(kind)
    if handler is None or waits(handler):
        return False
    job = claim_job(job_id, lane=handler.lane)
    if job is None:
        return False
    _work(job, handler)
    return True


def _work(job: Job, handler: JobKind) -> None:
    with correlated(job.correlation_id):
        if is_paused(job.kind):
            _let_rest([job])
            return
        if job.attempts > job.max_attempts or job.lost >= MOST_LOST:
            bury_job(job, error=job.last_error or "its process ended each time before it was done")
            return
        with untold() if _only_looks(job, handler) else nullcontext(), _told(job) as told:
            _handle(job, handler, told, partial(handler.handler, _payload(job)))


def _only_looks(job: Job, known: JobKind) -> bool:
    """Whether it comes every few seconds to see if there is work."""
    return known.quiet or job.key == "periodic"


def _told(job: Job) -> AbstractContextManager[Span]:
    facts: Facts = {
        "portal.job.kind": job.kind,
        "portal.job.lane": job.lane,
        "portal.job.id": str(job.id),
        "portal.job.attempt": job.attempts,
    }
    return span(job.kind, "consumer", facts)


def _handle(job: Job, known: JobKind, told: Span, work: Callable[[], None]) -> None:
    try:
        with working():
            work()
    except RetryLater as error:
        postpone_job(job, reason=str(error), after=error.after, counts=error.counts)
    except GiveUp as error:
        told.fail("GiveUp")
        bury_job(job, error=str(error))
    except DomainError as error:
        told.fail(error.code)
        if error.retryable:
            postpone_job(job, reason=error.message, after=None, counts=True)
        else:
            bury_job(job, error=f"{error.code}: {error.message}")
    except Exception as error:  # a worker's outer wall: the job's row and case keep what happened
        told.fail(type(error).__name__)
        log.exception("job.failed", kind=job.kind, key=job.key, attempt=job.attempts)
        if isinstance(error, DatabaseError):
            connection.close_if_unusable_or_obsolete()
        postpone_job(job, reason=f"{type(error).__name__}: {network_words(error)}", after=None, counts=True)
    else:
        finish_job(job)
        _tell_done(job, known)


def _fail(error: Exception) -> None:
    raise error


def _tell_done(job: Job, known: JobKind) -> None:
    tell = log.debug if _only_looks(job, known) else log.info
    tell("job.done", kind=job.kind, key=job.key, lane=job.lane, attempt=job.attempts)
