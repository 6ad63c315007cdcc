"""Key figures by day, as they were last counted."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.measures.tally import Tally


class KpiDay(models.Model):
    """What the rows of one figure came to on one day, for one partner and part. No fact of its own: counting the day
    again gives the same row, or the right one where facts came late.
    """

    kpi = models.CharField(max_length=40)
    day = models.DateField()
    partner = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=60, blank=True)
    counted = models.PositiveBigIntegerField(default=0)
    good = models.PositiveBigIntegerField(default=0)
    waiting = models.PositiveBigIntegerField(default=0)
    total = models.DecimalField(max_digits=20, decimal_places=3, default=Decimal(0))
    longest = models.DecimalField(max_digits=20, decimal_places=3, default=Decimal(0))
    built_at = models.DateTimeField(db_default=Now(), help_text="When the day was counted so")

    class Meta:
        ordering: ClassVar[list[str]] = ["kpi", "day", "partner", "part"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kpi", "day", "partner", "part"], name="measures_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day} {self.partner} {self.part}".rstrip()

    @property
    def tally(self) -> Tally:
        """The row as a tally."""
        return Tally(self.counted, self.good, self.waiting, self.total, self.longest)
