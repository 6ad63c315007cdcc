"""Where events are sent, each message on its way, and each try."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from distportal.webhooks.choices import DeliveryState, EndpointState, OffReason


@pghistory.track(
    exclude=["sealed_secret", "sealed_old_secret", "failures", "failing_since", "rests_until", "arrived_at"]
)
class Endpoint(UuidModel):
    """An address of another system and the events it wants. Without an account it is one of the house: it gets the
    events of all companies, and only our own people see it.

    `failures` counts those in a row since `failing_since`; until `rests_until` nothing is sent to it. `alarmed`: a
    case tells of it.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks")
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    event_types = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=10, choices=EndpointState, default=EndpointState.ACTIVE)
    off_reason = models.CharField(max_length=10, choices=OffReason, blank=True, default="")
    off_at = models.DateTimeField(null=True, blank=True)
    sealed_secret = models.TextField()
    sealed_old_secret = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True, help_text="When it last took a message")
    alarmed = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "url"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "url"], nulls_distinct=False, name="webhooks_endpoint_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def share(self) -> str:
        """For whom its jobs take turns."""
        return str(self.account.code) if self.account else "house"


class Delivery(models.Model):
    """One message for one endpoint. `body` is what is sent, the same bytes at every try; `event_id` is its webhook-id.

    `attempts` counts at the claim, `next_at` is when it may be tried (again).
    """

    account_path: ClassVar[str] = "endpoint__account_id"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    event_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    correlation_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhooks_delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["endpoint", "-id"], name="webhooks_newest"),
            models.Index(fields=["endpoint", "next_at"], name="webhooks_due", condition=models.Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.subject}"


class Attempt(models.Model):
    """One try of a delivery, as it went: heads without secrets, of the answer's body the beginning."""

    account_path: ClassVar[str] = "delivery__endpoint__account_id"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    request_head = models.JSONField(default=dict)
    response_head = models.JSONField(default=dict)
    response_body = models.CharField(max_length=1000, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}: {self.status or self.error}"
