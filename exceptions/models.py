"""Cases: what failed, who works on it, and everything that was done about it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from exceptions.choices import CaseStatus, Resolution, Severity


class Queue(models.Model):
    """Where cases of one sort wait for the people who can settle them."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    group = models.CharField(max_length=30, help_text="Staff group whose work this is")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Case(UuidModel, TimestampedModel):
    """One thing that a machine could not settle. At most one is open per (subject, code); a repeat counts up."""

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    sentence = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.NEW)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NORMAL)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    data = models.JSONField(default=dict)
    occurrences = models.PositiveIntegerField(default=1)
    correlation_id = models.UUIDField(db_index=True)
    due_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "code"],
                condition=~models.Q(status="resolved"),
                name="exceptions_case_open_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="resolved") | ~models.Q(resolution=""), name="exceptions_case_resolved_how"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "-severity", "created_at"], name="exceptions_case_list")
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
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor or 'the system'}"
