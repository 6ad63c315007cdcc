"""Where a shipment was seen on its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.choices import TrackingKind
from orders.models.shipment import Shipment


class TrackingEvent(UuidModel):
    """One status of a shipment as its carrier told it; the same one told again is the same row. `at` is the carrier's
    time, `meaning` and `reason` are words, `status` is its own code (X12 element 1650 or 1652).
    """

    account_path: ClassVar[str] = "shipment__order__account_id"

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="tracking")
    status = models.CharField(max_length=10)
    meaning = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=TrackingKind, default=TrackingKind.MOVED)
    reason = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "recorded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["shipment", "status", "reason", "place", "at"], name="orders_tracking_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.meaning}"
