"""What was promised of a demand, from the first word to the last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Promise(models.Model):
    """One entry of a promise log: rows are added, never changed; the first was promised first, the last counts.

    `parts` are `[{quantity, warehouse, on, why}]` in base units, `on` null where no date is known; `promised_on` is the
    day on which all of it is there, null while a part has no date. `by` says who changed it, `reason` why.
    """

    demand_ref = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    promised_on = models.DateField(null=True, blank=True)
    parts = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["demand_ref"], name="inventory_promise_ref")]

    def __str__(self) -> str:
        return f"{self.demand_ref}: {self.promised_on or 'no date'}"
