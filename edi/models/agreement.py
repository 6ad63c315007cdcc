"""What was agreed with a partner about one set in one direction."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from distportal.common.models import TimestampedModel
from edi.choices import Ack, CttPolicy, Direction, ErrorPolicy
from edi.models.agreement_options import AgreementOptions, read_options
from edi.models.partner import TradingPartner


@pghistory.track(exclude=["updated_at"])
class Agreement(TimestampedModel):
    """One set in one direction. Inbound: the releases taken, how errors are treated, the acknowledgment we send.
    Outbound: the release written (GS08) and the acknowledgment we wait for. `options` is read through `terms`.
    """

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="agreements")
    direction = models.CharField(max_length=3, choices=Direction)
    set_id = models.CharField("set", max_length=3)
    active = models.BooleanField(default=True)
    releases = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        help_text="Inbound: beginnings of GS08 that are taken",
    )
    release = models.CharField(
        max_length=12, default="004010", help_text="GS08 we write; inbound also of acknowledgments of unknown releases"
    )
    ack = models.CharField(
        max_length=4, choices=Ack, default=Ack.FA997, help_text="Inbound: what we answer. Outbound: what we wait for"
    )
    duplicate_window_days = models.PositiveIntegerField(default=365, help_text="Inbound: how long ISA13 is not reused")
    error_policy = models.CharField(max_length=20, choices=ErrorPolicy, default=ErrorPolicy.REJECT_SET)
    ctt_policy = models.CharField(max_length=8, choices=CttPolicy, default=CttPolicy.NOTE)
    options = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["direction", "set_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "direction", "set_id"], name="edi_agreement_once")
        ]

    def __str__(self) -> str:
        return f"{self.set_id} {self.get_direction_display().lower()}"

    @property
    def terms(self) -> AgreementOptions:
        """The options with their defaults. Raises ValueError for stored nonsense; forms and imports refuse it."""
        return read_options(self.options)
