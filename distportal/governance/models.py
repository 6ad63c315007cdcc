"""Changes of rules that are to hold from a day on, and perhaps until another."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.governance.choices import PlanState


class PlannedChange(models.Model):
    """The values that one rule gets on `effective_on`; on `ends_on` it gets back those that it had `before`. Days are
    the site's.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    values = models.JSONField()
    before = models.JSONField(null=True, blank=True)
    effective_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it does not hold any more")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.PLANNED)
    said = models.CharField(max_length=300, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-effective_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "subject", "effective_on"], condition=models.Q(state="planned"),
                name="governance_planned_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("effective_on")),
                name="governance_ends_later",
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "subject", "-effective_on"], name="governance_of_a_rule"),
            models.Index(
                fields=["effective_on"], name="governance_waits", condition=models.Q(state__in=PlanState.WAITS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} from {self.effective_on}: {self.state}"
