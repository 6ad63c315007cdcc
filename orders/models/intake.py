"""Every order that came in, with its one unique key, whatever became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.common.models import UuidModel
from orders.models.order import Order


class Intake(UuidModel):
    """One arrival: `source_key` is the channel's own key (EDI document, API key + idempotency key, portal draft)."""

    class Outcome(models.TextChoices):
        PLACED = "placed", "Became an order"
        REPEATED = "repeated", "Same PO, same content: the order was there"
        CONFLICT = "conflict", "Same PO, other content: a case is open"

    source_key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=10)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    po_number = models.CharField(max_length=60)
    content_hash = models.CharField(max_length=64)
    canonical = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="intakes")
    correlation_id = models.UUIDField(db_index=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["received_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["received_at"], name="orders_intake_again", condition=~models.Q(outcome="placed"))
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.po_number} {self.outcome}"
