"""Stock by warehouse, and the promises the ERP has not seen yet."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.common.models import TimestampedModel, UuidModel
from inventory.choices import ReservationState
from inventory.models.item import Item


class Warehouse(models.Model):
    """A place we ship from."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    city = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=10, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.name


class StockLevel(TimestampedModel):
    """The ERP's figures for one item in one warehouse, in base units; `as_of` is the ERP's clock. `erp` names the one
    connection that they are taken from.

    `supply_on` and `supply_quantity` are the next receipt; `supplies` are all of them, `[{on, quantity, reference}]`,
    where the ERP tells more than one; `lots` what lies there by lot, `[{lot, quantity, expires_on}]`, where it tells
    that. They are part of the figure and are replaced with it, so they stand in its row.
    Half of each page stays free (fillfactor, see the migration): new figures then touch no index.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="stock", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stock")
    erp = models.CharField(max_length=16, default="default", db_default="default")
    on_hand = models.DecimalField(max_digits=14, decimal_places=3)
    available = models.DecimalField(max_digits=14, decimal_places=3)
    supply_on = models.DateField(null=True, blank=True)
    supply_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    supplies = models.JSONField(default=list, blank=True)
    lots = models.JSONField(default=list, db_default=[], blank=True)
    as_of = models.DateTimeField()
    erp_version = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="inventory_stock_once")
        ]

    def __str__(self) -> str:
        return f"{self.item.sku} @ {self.warehouse.code}: {self.available}"


class Reservation(UuidModel, TimestampedModel):
    """Stock promised to a demand (`demand_ref`, an order line of a higher app) that the ERP's figure may not include
    yet. With `due_on` it is promised of a supply of that day or before, not of what lies there. `good_until` is the day
    that the lot it is of must not expire before.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reservations")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    demand_ref = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    due_on = models.DateField(null=True, blank=True)
    good_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReservationState, default=ReservationState.HELD)
    erp_allocated_at = models.DateTimeField(null=True, blank=True, help_text="ERP clock, when the ERP took the order")
    left_at = models.DateTimeField(
        null=True, blank=True, help_text="ERP clock, when all of the demand had been shipped"
    )
    reserved_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="inventory_reservation_positive"),
            models.UniqueConstraint(
                fields=["demand_ref", "warehouse", "due_on"],
                condition=models.Q(state="held"),
                nulls_distinct=False,
                name="inventory_reservation_held_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["item", "warehouse"], condition=models.Q(state="held"), name="inventory_reservation_held"
            ),
            models.Index(fields=["demand_ref"], name="inventory_reservation_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.demand_ref}: {self.quantity} {self.item.sku} @ {self.warehouse.code}"
