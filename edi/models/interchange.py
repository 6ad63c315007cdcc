"""Envelopes: ISA and GS, in both directions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import AckState, Direction, InterchangeState
from edi.models.inbound import InboundFile
from edi.models.partner import TradingPartner


class Interchange(UuidModel):
    """One ISA…IEA. Inbound: (partner, direction, control number, usage) is unique, so a resend is known as one. Of one
    that is still being read, the sets before the file's offset `read_to` are recorded.
    """

    partner = models.ForeignKey(
        TradingPartner, on_delete=models.PROTECT, null=True, blank=True, related_name="interchanges"
    )
    direction = models.CharField(max_length=3, choices=Direction)
    control_number = models.CharField(max_length=9)
    usage = models.CharField(max_length=1, default="P")
    sender = models.CharField(max_length=20)
    receiver = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=InterchangeState, default=InterchangeState.ACCEPTED)
    file = models.ForeignKey(InboundFile, on_delete=models.PROTECT, null=True, blank=True, related_name="interchanges")
    file_offset = models.BigIntegerField(default=0)
    read_to = models.BigIntegerField(default=0, db_default=0)
    content_hash = models.CharField(max_length=64)
    notes = models.JSONField(default=list)
    repeat_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats")
    correlation_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "direction", "control_number", "usage"],
                condition=models.Q(repeat_of__isnull=True, partner__isnull=False) & ~models.Q(state="rejected"),
                name="edi_interchange_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner", "direction", "control_number"], name="edi_interchange_number"),
            models.Index(fields=["control_number"], name="edi_interchange_any_number"),
            models.Index(fields=["created_at"], name="edi_interchange_again", condition=models.Q(state="repeated")),
        ]

    def __str__(self) -> str:
        return f"ISA {self.control_number}"


class FunctionalGroup(UuidModel):
    """One GS…GE. For what we send, `ack_state` is settled by the partner's 997."""

    interchange = models.ForeignKey(Interchange, on_delete=models.PROTECT, related_name="groups")
    functional_id = models.CharField(max_length=2)
    control_number = models.CharField(max_length=9)
    release = models.CharField(max_length=12)
    verdict = models.CharField(max_length=1, blank=True)
    ack_state = models.CharField(max_length=12, choices=AckState, default=AckState.NONE)
    acked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["functional_id", "control_number"], name="edi_group_number"),
            models.Index(fields=["control_number"], name="edi_group_any_number"),
        ]

    def __str__(self) -> str:
        return f"GS {self.functional_id} {self.control_number}"
