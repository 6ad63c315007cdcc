"""One action on many cases, frozen when they were chosen."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from exceptions.choices import BulkState, ItemState
from exceptions.models.case import Case


class BulkRun(UuidModel):
    """What somebody wants done to the cases of its items, and to no other. `form` is what was typed for all of them.

    `rate` is how many a minute are released (0: all at once), `release_at` when the next one may be.
    """

    action = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    form = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    said = models.CharField(max_length=300, help_text="The ticks or filters that chose the cases, in words")
    rate = models.PositiveIntegerField(default=0, db_default=0)
    release_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.CHOSEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label}, {self.created_at:%d %b %H:%M}"


class BulkItem(models.Model):
    """One case as it was when it was chosen, and what became of it. `before` is what undoing needs."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    told = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    version_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "case"], name="exceptions_bulk_case_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run", "state"], name="exceptions_bulk_left")]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_state_display()}"


class BulkEntry(models.Model):
    """One line of a run's history: who began, paused, resumed or cancelled it, or asked for it twice, and why."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor or 'the system'}"
