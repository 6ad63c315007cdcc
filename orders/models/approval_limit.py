"""Up to how much somebody in finance decides without a second person."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models

from orders.choices import DisputeReason


@pghistory.track()
class ApprovalLimit(models.Model):
    """Up to how much a person may approve alone; above it a second person must agree. The most restrictive row wins.
    One that does not hold any more is switched off, never deleted; `version` counts its changes.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=18, choices=DisputeReason, blank=True)
    limit = models.DecimalField(max_digits=14, decimal_places=2)
    active = models.BooleanField(default=True, db_default=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "reason"],
                name="orders_limit_once",
                nulls_distinct=False,
                violation_error_message="There is one for that already: change that one.",
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        about = self.get_reason_display().lower() if self.reason else "any reason"
        return f"{self.user or 'everybody'}, {about}: {self.limit}"
