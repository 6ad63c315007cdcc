"""Queues of cases."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from distportal.calendars.models import Calendar


@pghistory.track()
class Queue(models.Model):
    """Where cases of one sort wait for the people who can settle them; their time counts by the team's calendar."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    group = models.CharField(max_length=30, help_text="Staff group whose work this is")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The team's working hours and holidays; empty: the default calendar",
    )  # fmt: skip
    escalates_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Where a case goes that nobody took in time; empty: it stays and is only made more urgent",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name
