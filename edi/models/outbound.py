"""What we send: gapless control numbers and the exact bytes."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import Delivery
from edi.models.erasing import bytes_change
from edi.models.interchange import Interchange
from edi.models.partner import TradingPartner


class ControlNumber(models.Model):
    """The last number used of one counter; taken under its row lock in the transaction of the document, so without
    gaps.
    """

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="+")
    counter = models.CharField(max_length=3)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "counter"], name="edi_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.partner.code} {self.counter} {self.last}"


class OutboundFile(UuidModel):
    """The bytes of one outgoing interchange; every resend sends these bytes. From `erased_at` on they are gone, their
    hash is not.
    """

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="outbound_files")
    interchange = models.OneToOneField(Interchange, on_delete=models.PROTECT, related_name="outbound_file")
    sequence = models.BigIntegerField(help_text="ISA13 of the interchange: files leave in this order")
    name = models.CharField(max_length=120, unique=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    correlation_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    times_sent = models.PositiveIntegerField(default=0)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.WAITING)
    delivered_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "sequence"], name="edi_outbound_sequence_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["partner", "sequence"], name="edi_outbound_waiting", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["created_at"], name="edi_outbound_kept", condition=models.Q(erased_at=None)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="bytes_are_kept",
                operation=pgtrigger.Update,
                condition=bytes_change("content", "created_at", "sha256", "name"),
            )
        ]

    def __str__(self) -> str:
        return self.name
