"""What carriers told, as they told it, and who signed for the goods."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.choices import MessageState
from orders.models.shipment import Shipment


class CarrierMessage(UuidModel):
    """One message of a carrier, stored before it is answered, once per its `event_id` whatever way it came. `numbers`
    are those it names a shipment by, so that one that came too early is found when the shipment is known.
    """

    connection = models.CharField(max_length=16)
    event_id = models.CharField(max_length=120)
    channel = models.CharField(max_length=7, help_text="webhook or poll")
    body = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.RECEIVED)
    finding = models.CharField(max_length=500, blank=True)
    numbers = ArrayField(models.CharField(max_length=60), default=list)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correlation_id = models.UUIDField(db_index=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "event_id"], name="orders_carrier_message_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["received_at"], name="orders_message_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["-received_at"], name="orders_message_recent"),
        ]

    def __str__(self) -> str:
        return self.event_id


class ProofImage(models.Model):
    """The picture of a proof, by the hash of its clean bytes: the same picture is stored once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256[:12]


class ProofOfDelivery(UuidModel):
    """Who took a shipment, when and where, as its carrier or one of our people told it once per `source_key`."""

    account_path: ClassVar[str] = "shipment__order__account_id"

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="proofs")
    source_key = models.CharField(max_length=160, unique=True)
    signed_by = models.CharField(max_length=80, blank=True)
    delivered_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    image = models.ForeignKey(ProofImage, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["delivered_at", "recorded_at"]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.signed_by or 'no name'}"
