"""What a dealer typed, pasted or uploaded to order, as it came: kept from the first key until it is in the cart."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from distportal.common.models import UuidModel
from orders.models.draft import Draft


class QuickRow(UuidModel):
    """One row of a person's quick order. Its words are not judged here: a code may be wrong, a quantity no number.

    The page gives the key of a new row, so that saving it twice is one row.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="quick_rows")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=80, blank=True)
    quantity = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=120, blank=True, help_text="The file and row it came from; empty when typed.")

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["draft", "position"], name="orders_quick_in_turn")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.quantity} {self.unit}".strip()
