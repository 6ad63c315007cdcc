"""Outages: one row for what is broken somewhere, however many cases come of it; and who wants to hear what."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from exceptions.choices import Layer, Severity


class Incident(models.Model):
    """A place that does not work, from its first failures until it has been calm. At most one is open per `key`, layer
    and place. Cases that broke there belong to it. `waiting` and `blocked` (by currency) are what waits for the place
    now, `most_waiting` the highest; severity and points are counted from the money.
    """

    layer = models.CharField(max_length=12, choices=Layer)
    place = models.CharField(max_length=100)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NORMAL)
    points = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    failures = models.PositiveIntegerField(default=0)
    case_count = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    most_waiting = models.PositiveIntegerField(default=0)
    blocked = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    noted_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(ended_at=None), name="exceptions_incident_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"I-{self.pk}"

    @property
    def money(self) -> list[tuple[str, Decimal]]:
        """What waits, by currency."""
        return sorted((currency, Decimal(amount)) for currency, amount in self.blocked.items())


class IncidentStep(models.Model):
    """One line of an incident's history."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    action = models.CharField(max_length=20)
    text = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.text}"


class Subscription(models.Model):
    """Somebody of ours wants to hear of a topic: `incident:erp`, `warned:orders`, `escalated:orders`, `view:7`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar[list[str]] = ["topic"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["topic", "user"], name="exceptions_subscribed_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.topic}"
