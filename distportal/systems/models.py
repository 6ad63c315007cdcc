"""What was asked of other systems, for the people who run them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


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
