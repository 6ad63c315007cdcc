"""What people of the desk do again and again, as one click."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from exceptions.choices import CaseStatus
from exceptions.models.queue import Queue

_ASIDE = [(value, label) for value, label in CaseStatus.choices if value in CaseStatus.ASIDE]


@pghistory.track()
class Routine(models.Model):
    """Steps that are done to a case together: it is taken, its dealer is asked, it is moved, put aside for `hours` of
    its queue's working time, noted on. An empty step is left out.
    """

    name = models.CharField(max_length=60, unique=True)
    active = models.BooleanField(default=True)
    kind = models.CharField(
        max_length=60, blank=True, help_text="A kind of case, or the start of several: order. Empty: any"
    )
    take = models.BooleanField("Take it", default=True, help_text="Whoever presses it has the case from then on")
    message = models.TextField(
        "Ask the dealer", max_length=2000, blank=True,
        help_text="Mailed to the dealer and kept with the record. {about} stands for what the case is about",
    )  # fmt: skip
    queue = models.ForeignKey(
        Queue, verbose_name="Move to", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    aside = models.CharField("Put aside", max_length=20, choices=_ASIDE, blank=True)
    hours = models.PositiveSmallIntegerField(
        default=0, help_text="Of the queue's working time until it comes back, where it is put aside"
    )
    note = models.CharField(max_length=300, blank=True, help_text="For colleagues, in the case's history")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(aside="") | models.Q(hours__gt=0), name="exceptions_routine_comes_back"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def fits(self, kind: str) -> bool:
        """Whether it is for cases of the kind."""
        return not self.kind or (kind.startswith(self.kind) if self.kind.endswith(".") else kind == self.kind)
