"""What left a warehouse for an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.models.order import Order, OrderLine


class Shipment(UuidModel):
    """One departure, as the ERP told it; `canonical` is the whole fact."""

    account_path: ClassVar[str] = "order__account_id"

    number = models.CharField(max_length=40)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    shipped_at = models.DateTimeField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    bill_of_lading = models.CharField(max_length=60, blank=True)
    cartons = models.PositiveIntegerField(default=1)
    estimated_delivery_on = models.DateField(null=True, blank=True)
    canonical = models.JSONField()
    erp = models.CharField(max_length=16, default="default", db_default="default")
    erp_id = models.CharField(max_length=60)
    erp_version = models.CharField(max_length=64)
    correlation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="The earliest delivery that was told")
    proof_asked_at = models.DateTimeField(null=True, blank=True, help_text="When its missing proof became a case")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["shipped_at"]
        indexes: ClassVar[list[models.Index]] = [
            # people search by what the carrier calls it
            models.Index(fields=["tracking_number"], name="orders_shipment_tracking"),
            models.Index(fields=["bill_of_lading"], name="orders_shipment_lading"),
            models.Index(fields=["shipped_at"], name="orders_shipment_left"),
            models.Index(
                fields=["delivered_at"],
                name="orders_shipment_unproven",
                condition=models.Q(delivered_at__isnull=False, proof_asked_at__isnull=True),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["erp", "erp_id"], name="orders_shipment_once"),
            models.UniqueConstraint(fields=["erp", "number"], name="orders_shipment_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """How much of an order line is in a shipment's carton, in the order line's unit. `erp_quantity` is what the ERP
    told where it has the line in another unit: sums are made of it, so that nothing is lost by rounding. `lot` is which
    lot it is of and `expires_on` how long that keeps, where that was told.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    erp_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    carton = models.PositiveIntegerField(default=1)
    lot = models.CharField(max_length=48, blank=True, db_default="")
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.quantity} of {self.order_line}"
