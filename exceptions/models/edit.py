"""Edits that a second person has to look at, and which edits those are."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from exceptions.choices import EditState
from exceptions.models.case import Case


@pghistory.track()
class EditPolicy(models.Model):
    """Edits that fit wait for a second person. An empty condition fits everything; `least_amount` is what the thing is
    worth before or after the edit, whichever is more, in its own currency.
    """

    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    kind = models.CharField(max_length=60, blank=True, help_text="A kind of case, or the start of several: order.")
    field = models.CharField(max_length=20, blank=True, help_text="As unit_price; empty: any field")
    least_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    checkers = models.CharField(
        max_length=30, blank=True, help_text="Staff group of the second person; empty: anyone else of the desk"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        verbose_name_plural = "edit policies"

    def __str__(self) -> str:
        return self.name


class CaseEdit(UuidModel):
    """What somebody wants corrected of the thing behind a case, at its `version`, and who looked at it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    values = models.JSONField(help_text="The new values by field")
    changes = models.JSONField(help_text="The changed fields with old and new")
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    reason = models.CharField(max_length=300)
    policy = models.ForeignKey(EditPolicy, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=80, help_text="The policy's name when it was asked for")
    checkers = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=EditState, default=EditState.WAITING)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="waiting"), name="exceptions_edit_waits_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | (models.Q(checker__isnull=False) & ~models.Q(checker=models.F("maker"))),
                name="exceptions_edit_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}, edit of {self.maker}"
