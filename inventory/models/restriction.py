"""Where dangerous goods, or one item, may not go, and how they may not travel."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from distportal.common.models import TimestampedModel
from inventory.choices import ShipMethod
from inventory.models.item import Item


class ShippingRestriction(TimestampedModel):
    """Goods that may not go to some regions or by some methods. What is left empty is any: of the goods, of the
    regions, of the methods. Without an item it is about dangerous goods alone; class "2" is also 2.1 and 2.2.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    un_number = models.CharField("UN number", max_length=4, blank=True, help_text="Four digits, without UN")
    hazard_class = models.CharField("class", max_length=8, blank=True, help_text="Such as 3 or 2.1")
    packing_group = models.CharField(max_length=3, blank=True, help_text="I, II or III")
    regions = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text="Such as AK,HI; empty: everywhere"
    )
    methods = ArrayField(
        models.CharField(max_length=10, choices=ShipMethod), default=list, blank=True,
        help_text="air, ocean, parcel, ground, rail; empty: by any",
    )  # fmt: skip
    limited_quantity_goes = models.BooleanField(
        default=False, help_text="What is packed as a limited quantity may go all the same"
    )
    reason = models.CharField(max_length=200, help_text="As the buyer is told")
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.reason
