"""Who posts events to us, and each event as it came."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from distportal.webhooks.choices import ReceivedState, Scheme


@pghistory.track(exclude=["sealed_secret", "sealed_old_secret", "refused", "refused_at"])
class Sender(UuidModel):
    """A system that posts to `/api/v1/hooks/<name>`; `kind` says what its events do.

    Scheme `hmac`: the hex of HMAC-SHA256 over the body stands in `signature_header`; with a `timestamp_header` it is
    made over `<timestamp>.<body>`. `event_id_at` is where the sender's own key of an event stands: `header:X-Event-Id`
    or `body:id`. `refused` counts posts whose signature did not fit.
    """

    name = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    scheme = models.CharField(max_length=10, choices=Scheme, default=Scheme.STANDARD)
    signature_header = models.CharField(max_length=60, blank=True, default="")
    timestamp_header = models.CharField(max_length=60, blank=True, default="")
    event_id_at = models.CharField(max_length=80, blank=True, default="")
    sealed_secret = models.TextField()
    sealed_old_secret = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    refused = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.title


class Received(UuidModel):
    """One event as it came: kept before it was answered, used once. `outcome` says in words what came of it."""

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="received")
    event_id = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ReceivedState, default=ReceivedState.RECEIVED)
    outcome = models.CharField(max_length=500, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sender", "event_id"], name="webhooks_received_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-received_at"], name="webhooks_received_newest")]

    def __str__(self) -> str:
        return self.event_id
