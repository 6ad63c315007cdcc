"""How other systems are reached, and what was asked of them."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import TimestampedModel


@pghistory.track()
class ErpConnection(TimestampedModel):
    """An ERP we speak to: its adapter's kind and settings. Secrets are references (`env:NAME`, `file:/path`).

    `side_by_side`: its feeds are read beside those of the house's own ERP, and accounts or items may move to it.
    """

    name = models.SlugField(max_length=16, unique=True)
    title = models.CharField(max_length=60, blank=True, db_default="", help_text="What people call it")
    kind = models.CharField(max_length=20)
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    rate_per_minute = models.PositiveIntegerField(default=600)
    concurrency = models.PositiveSmallIntegerField(default=4)
    active = models.BooleanField(default=True)
    side_by_side = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


@pghistory.track()
class LogisticsConnection(TimestampedModel):
    """A warehouse system, a carrier or a CRM we speak to, as data. `serves` is, for a warehouse system, our warehouse
    codes with what it calls them; for a carrier, the SCACs it speaks for with their names; for a CRM nothing.
    """

    class Role(models.TextChoices):
        WMS = "wms", "Warehouse"
        TMS = "tms", "Carrier"
        CRM = "crm", "CRM"

    name = models.SlugField(max_length=16, unique=True)
    title = models.CharField(max_length=60)
    role = models.CharField(max_length=3, choices=Role)
    kind = models.CharField(max_length=20)
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    serves = models.JSONField(default=dict, blank=True)
    rate_per_minute = models.PositiveIntegerField(default=600)
    concurrency = models.PositiveSmallIntegerField(default=4)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["role", "name"]

    def __str__(self) -> str:
        return self.title


class SystemCall(models.Model):
    """One call to another system: how long it took and how it ended. Never the content."""

    system = models.CharField(max_length=20)
    call = models.CharField(max_length=40)
    reference = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20)
    error_code = models.CharField(max_length=60, blank=True)
    duration_ms = models.FloatField()
    correlation_id = models.UUIDField(db_index=True)
    ended_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["system", "-ended_at"], name="systems_call_recent")
        ]

    def __str__(self) -> str:
        return f"{self.system}.{self.call} {self.outcome}"


@pghistory.track(exclude=["updated_at"])
class ErpIdentity(TimestampedModel):
    """Which ERP a connection has led to since `since`: all cursors, keys and figures of the connection are that ERP's.

    With `stopped_at` nothing is read from the connection or sent over it until a person has said what is true.
    """

    connection = models.CharField(max_length=16, unique=True)
    fingerprint = models.CharField(max_length=64)
    told = models.CharField(max_length=300, help_text="What the fingerprint is of, to read")
    since = models.DateTimeField(db_default=Now())
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_code = models.CharField(max_length=12, blank=True)
    stopped_because = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.connection}: {self.told}"
