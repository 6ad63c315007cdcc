"""What people asked of what we hold of them: who asked for it here, who agreed, what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from distportal.personal.choices import RequestKind, RequestState


class PersonalRequest(UuidModel):
    """One request. Of somebody who was erased, `email` is the pseudonym."""

    kind = models.CharField(max_length=8, choices=RequestKind)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    email = models.EmailField()
    reason = models.CharField(max_length=200, help_text="Who asked, how we know that it was them, under which number")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField(default=dict, help_text="Rows by table")
    said = models.CharField(max_length=300, blank=True)
    content = models.BinaryField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(db_default=Now(), db_index=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "email"], condition=models.Q(state__in=RequestState.OPEN), name="personal_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="export")
                | models.Q(state__in=("asked", "withdrawn"))
                | (models.Q(agreed_by__isnull=False) & ~models.Q(agreed_by=models.F("asked_by"))),
                name="personal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.email}: {self.state}"
