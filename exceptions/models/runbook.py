"""Runbooks as this site has changed them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now


class RunbookEdit(models.Model):
    """One version of a kind's runbook; the highest counts, none means the one that came with the portal. An empty text
    goes back to that one.
    """

    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "version"], name="exceptions_runbook_version")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.kind} version {self.version}"
