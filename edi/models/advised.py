"""What a partner was last told of an item's stock, so that a delta holds what changed and nothing else."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from edi.models.partner import TradingPartner
from inventory.models import Item


class AdvisedStock(models.Model):
    """A digest of the figures in the last 846 that named the item to the partner."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "item"], name="edi_advised_once")
        ]

    def __str__(self) -> str:
        return f"{self.partner.code}: {self.item.sku}"
