"""Keep the queue tables small: done work older than a week goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from distportal.events.choices import DeliveryState, JobState
from distportal.events.clock import database_now
from distportal.events.models import IdempotencyKey, Job, OutboxDelivery, ScheduleRun
from distportal.events.registry import job_handler

KEEP_DONE = dt.timedelta(days=7)
KEEP_KEYS = dt.timedelta(days=30)
KEEP_SLOTS = dt.timedelta(days=1)


@job_handler("events.clean_up", lane="bulk")
def clean_up_job(_: Mapping[str, Any]) -> None:
    """Run the clean-up once."""
    clean_up()


@transaction.atomic
def clean_up() -> None:
    """Done jobs and deliveries of last week, idempotency keys of last month and old slots are gone; events stay."""
    now = database_now()
    Job.objects.filter(state=JobState.DONE, done_at__lt=now - KEEP_DONE).delete()
    OutboxDelivery.objects.filter(state=DeliveryState.DELIVERED, delivered_at__lt=now - KEEP_DONE).delete()
    IdempotencyKey.objects.filter(created_at__lt=now - KEEP_KEYS).delete()
    ScheduleRun.objects.filter(started_at__lt=now - KEEP_SLOTS).delete()
