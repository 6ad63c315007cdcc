"""Tell a lane's workers which row to look at. A hint may be lost, doubled or late: the sweeper makes it optional."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from distportal.common.absence import Absence
from distportal.common.redis_client import broker_redis

log = structlog.get_logger(__name__)

_absence = Absence(2.0)
"""After a failed hint this process sends none for a moment: a hung broker costs one short timeout, not one a row."""


def hint_job(job_id: uuid.UUID, lane: str) -> None:
    """Tell the lane that the job is there; its process is ended before its lease is."""
    _send("distportal.events.run_job", [str(job_id)], lane, time_limit=int(lease_seconds(lane)) - 5)


def lease_seconds(lane: str) -> float:
    """How long a job of the lane may hold its row, in seconds."""
    return float(settings.LANE_LEASE_SECONDS.get(lane, settings.JOB_LEASE_SECONDS))


def hint_aggregate(aggregate_type: str, aggregate_id: str) -> None:
    """Tell the relay that somebody waits for an event of the aggregate."""
    _send("distportal.events.relay_aggregate", [aggregate_type, aggregate_id], "relay")


def hint_quickly() -> None:
    """This process only sends hints: a broker that hangs holds up one of its requests for a second, not for five.
    Without `max_retries` kombu connects again and again, with sleeps, until its `connect_timeout` of four seconds.
    """
    conf = current_app.conf
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": 1, "max_retries": 0}


def hints_waiting(lanes: Collection[str]) -> dict[str, int]:
    """By lane, how many hints its workers have not looked at yet; 0 where the broker does not tell."""
    try:
        with broker_redis().pipeline(transaction=False) as pipe:
            for lane in lanes:
                pipe.llen(lane)
            return dict(zip(lanes, pipe.execute(), strict=True))
    except (RedisError, OSError):
        return dict.fromkeys(lanes, 0)


def _send(task: str, args: list[str], queue: str, *, time_limit: int | None = None) -> None:
    if not settings.SEND_HINTS or not _absence.lets_ask():
        return
    try:
        current_app.send_task(task, args=args, queue=queue, retry=False, ignore_result=True, time_limit=time_limit)
    except (OperationalError, RedisError, OSError) as error:
        _absence.note()
        log.warning("hint.dropped", task=task, error=str(error))
        return
    _absence.forget()
