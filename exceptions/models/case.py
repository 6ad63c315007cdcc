"""Cases: what failed, who works on it, and everything that was done about it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from exceptions.choices import CaseStatus, Resolution, Severity
from exceptions.models.incident import Incident
from exceptions.models.queue import Queue
from exceptions.models.routing import RoutingRule

_OPEN = ~models.Q(status="resolved")


class Case(UuidModel, TimestampedModel):
    """One thing that a machine could not settle. At most one is open per (subject, code); a repeat counts up, and one
    that comes back soon after it was resolved is open again.

    `severity` and `points` are counted from the money, see exceptions.process.urgency; `severity_base` is the least it
    can be. `due_at` and `first_due_at` count by the queue's calendar from `clock_from`; while it waits for somebody
    else (`paused_at`) the clock stands.
    """

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=80, db_default="", default="", blank=True)
    sentence = models.CharField(max_length=500)
    status = models.CharField(max_length=16, choices=CaseStatus, default=CaseStatus.NEW)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NORMAL)
    severity_base = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NORMAL, db_default=2)
    points = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0), db_default=0)
    rescore_at = models.DateTimeField(null=True, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="cases")
    routed_by = models.ForeignKey(RoutingRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    region = models.CharField(max_length=10, db_default="", default="", blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    cutoff_at = models.DateTimeField(null=True, blank=True)
    data = models.JSONField(default=dict)
    occurrences = models.PositiveIntegerField(default=1)
    reopenings = models.PositiveIntegerField(default=0, db_default=0)
    group_key = models.CharField(max_length=200, db_default="", default="", blank=True)
    group_by_hand = models.BooleanField(
        default=False, db_default=False, help_text="Somebody split it off or put it with others; that stays"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases", db_index=False
    )
    correlation_id = models.UUIDField(db_index=True)
    clock_from = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0, db_default=0, help_text="Working time that did not count")
    remind_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "code"], condition=_OPEN, name="exceptions_case_open_once"
            ),
            models.CheckConstraint(
                condition=_OPEN | ~models.Q(resolution=""), name="exceptions_case_resolved_how"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=("waiting_dealer", "waiting_erp", "snoozed"))
                | models.Q(remind_at__isnull=False),
                name="exceptions_case_reminded",
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-severity", "-points", "number"], name="exceptions_case_worst", condition=_OPEN),
            models.Index(fields=["subject_type", "subject_id"], name="exceptions_case_subject"),
            models.Index(fields=["group_key"], name="exceptions_case_group", condition=_OPEN),
            # counted on each page, in the words of open_cases, so that the index alone answers
            models.Index(
                fields=["queue"],
                name="exceptions_case_open_of",
                condition=models.Q(status__in=CaseStatus.OPEN),
            ),
            models.Index(fields=["-resolved_at"], name="exceptions_case_resolved", condition=~_OPEN),
            models.Index(fields=["rescore_at"], name="exceptions_case_rescore", condition=_OPEN),
            models.Index(fields=["remind_at"], name="exceptions_case_remind", condition=_OPEN),
            models.Index(fields=["warn_at"], name="exceptions_case_warn", condition=_OPEN & models.Q(warned_at=None)),
            models.Index(fields=["created_at"], name="exceptions_case_made"),
            models.Index(
                fields=["incident"], name="exceptions_case_incident", condition=models.Q(incident__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"E-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in CaseStatus.OPEN


class CaseEntry(models.Model):
    """One line of a case's history: what was done, by whom, why, and the field changes if there were any."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    changes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [  # rows are written in the order of their time
            BrinIndex(fields=["at"], name="exceptions_entry_at", pages_per_range=16, autosummarize=True)
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor or 'the system'}"
