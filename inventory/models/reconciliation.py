"""What a comparison with the ERP found, as numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Reconciliation(models.Model):
    """One run over one kind of facts. `differences` counts by code; `cursor` is where the next run of a feed begins."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "The ERP did not answer to the end"

    kind = models.CharField(max_length=20)
    connection = models.CharField(max_length=16, default="default", db_default="default")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    checked = models.BigIntegerField(default=0)
    differing = models.BigIntegerField(default=0)
    differences = models.JSONField(default=dict)
    cursor = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "-started_at"], name="inventory_reconciled_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.started_at:%Y-%m-%d}"
