"""From a stranger's sample to a live partner: what was uploaded, what was tried, who let it live."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import Exchange, Outcome
from edi.models.document import Document
from edi.models.partner import TradingPartner


class Onboarding(UuidModel):
    """One upload of samples with the profile that was read from them; `partner` once it was created."""

    partner = models.ForeignKey(
        TradingPartner, on_delete=models.CASCADE, null=True, blank=True, related_name="onboardings"
    )
    profile = models.JSONField(default=dict)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]

    def __str__(self) -> str:
        return f"samples of {self.started_at:%Y-%m-%d %H:%M}"


class SampleFile(UuidModel):
    """One uploaded sample, byte for byte."""

    onboarding = models.ForeignKey(Onboarding, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    size = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class TestExchange(UuidModel):
    """One document of a test and what it showed. For what we sent, the partner's acknowledgment decides, so `outcome`
    stays open until it comes. `answer` is what we sent because of it.
    """

    __test__ = False  # no class of tests, whatever its name says

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="test_exchanges")
    exchange = models.CharField(max_length=12, choices=Exchange)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="test_exchange")
    answer = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    summary = models.JSONField(default=list)
    canonical = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner", "exchange", "-at"], name="edi_test_exchange_latest")
        ]

    def __str__(self) -> str:
        return f"{self.get_exchange_display()} of {self.partner}"


class StageChange(models.Model):
    """Who made a partner live, or took it back into test, when and why; nobody can change it afterwards."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="stage_changes")
    live = models.BooleanField()
    by = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    overridden = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.partner} {'went live' if self.live else 'went back into test'}"
