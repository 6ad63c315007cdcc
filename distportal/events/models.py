"""The outbox, its deliveries, the job rows, and the keys that make repeats harmless."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from distportal.events.choices import DeliveryState, JobState, Level


class Stream(models.Model):
    """The head of one aggregate's events: its row lock gives every event a gapless number."""

    aggregate_type = models.CharField(max_length=40)
    aggregate_id = models.CharField(max_length=64)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["aggregate_type", "aggregate_id"], name="events_stream_once")
        ]

    def __str__(self) -> str:
        return f"{self.aggregate_type}/{self.aggregate_id}@{self.last_seq}"


class OutboxEvent(models.Model):
    """A business fact, written with the change that made it. The id is uuid5(aggregate, seq): the same fact, the same
    id.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    aggregate_type = models.CharField(max_length=40)
    aggregate_id = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    payload = models.JSONField()
    correlation_id = models.UUIDField(db_index=True)
    actor = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["aggregate_type", "aggregate_id", "seq"], name="events_event_seq")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["type", "occurred_at"], name="events_by_type")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.aggregate_type}/{self.aggregate_id}#{self.seq}"


class OutboxDelivery(models.Model):
    """One event on its way to one subscriber; the aggregate's columns are copied so that order can be kept without a
    join. `lost` counts tries in a row whose process ended; `revived_at` is when somebody had it tried again.
    """

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.CharField(max_length=60)
    aggregate_type = models.CharField(max_length=40)
    aggregate_id = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    revived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "destination"], name="events_delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["destination", "aggregate_type", "aggregate_id", "seq"],
                name="events_undelivered",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["next_at"], name="events_delivery_due", condition=models.Q(state="pending")),
            models.Index(
                fields=["destination", "aggregate_type", "aggregate_id", "seq"],
                name="events_delivery_dead",
                condition=models.Q(state="dead"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} #{self.seq} {self.state}"


class Job(models.Model):
    """One piece of work in a lane. `attempts` grows at the claim, so work that kills its process dies too.

    `share` is the account it is done for; the shares of a lane take turns. `lost` counts claims in a row that ended
    with their process; `revived_at` is when somebody had given up work done again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    share = models.CharField(max_length=40, blank=True, default="", db_default="")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.READY)
    next_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    rerun = models.BooleanField(default=False, db_default=False)
    lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    revived_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    correlation_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(state="ready"), name="events_job_ready_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["lane", "share", "next_at"], condition=models.Q(state="ready"), name="events_job_turns"
            ),
            models.Index(fields=["done_at"], condition=models.Q(done_at__isnull=False), name="events_job_ended"),
            models.Index(fields=["kind", "key"], condition=models.Q(state="dead"), name="events_job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"


class ConsumedEvent(models.Model):
    """Says that a consumer has had an event: inserted with the effect, so a repeat does nothing."""

    consumer = models.CharField(max_length=60)
    event_id = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["consumer", "event_id"], name="events_consumed_once")
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"


class IdempotencyKey(UuidModel):
    """A client's key for one request, and the answer it got: the same request is answered the same way."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)
    locked_until = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "key"], name="events_idempotency_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["created_at"], name="events_idempotency_age")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


class ScheduleRun(models.Model):
    """One slot of one periodic job: the insert decides which of several schedulers is heard."""

    name = models.CharField(max_length=60)
    slot = models.BigIntegerField()
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "slot"], name="events_schedule_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.slot}"


class Heartbeat(models.Model):
    """When a process that must live was last alive."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"


class Pressure(models.Model):
    """How hard the portal is pressed, as last measured: one row, read by every process.

    `since` is when the level began, `calm_since` when the figures last began to allow a lower one. `lanes` and `gauges`
    hold what was measured; `counted_at` is where the lanes' counters end.
    """

    name = models.CharField(max_length=20, primary_key=True)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.NORMAL)
    reasons = models.JSONField(default=list)
    since = models.DateTimeField(db_default=Now())
    calm_since = models.DateTimeField(null=True, blank=True)
    measured_at = models.DateTimeField(db_default=Now())
    counted_at = models.DateTimeField(db_default=Now())
    lanes = models.JSONField(default=dict)
    gauges = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {Level(self.level).label}"


class PausedKind(models.Model):
    """A kind of job that rests on somebody's word: its rows wait, none is lost."""

    kind = models.CharField(max_length=60, primary_key=True)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=120)
    paused_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} paused by {self.actor}"


class FlowSwitch(models.Model):
    """Who paused or resumed what, and why; never changed afterwards."""

    class Action(models.TextChoices):
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Resumed"

    kind = models.CharField(max_length=60)
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at"], name="events_switch_newest")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action} by {self.actor}"


class HistorySeal(models.Model):
    """What a stretch of a history came to when it was sealed, chained to the seal before it; never changed afterwards.

    `digest` is over the rows' `columns` and over who made the changes, `head` over this seal and the head before it.
    """

    number = models.BigIntegerField(unique=True)
    table = models.CharField(max_length=63)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.IntegerField()
    columns = models.JSONField()
    digest = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True, help_text="Why the stretch was sealed again")
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["table", "first_id"], name="events_seal_of_table"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"seal {self.number}: {self.table} {self.first_id} to {self.last_id}"
