"""What a warehouse says it shipped; what counts is what the ERP books."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from inventory.models import Warehouse
from orders.choices import AdviceState
from orders.models.order import Order
from orders.models.shipment import Shipment


class WarehouseAdvice(UuidModel):
    """One departure a warehouse told (945), recorded once per `source_key`, and the ERP shipment that booked it.

    `lines` is line number -> quantity in the order line's unit, `parts` the same by carton as [line number, quantity,
    SSCC, lot]; `due_at` is when the ERP should have booked it.
    """

    account_path: ClassVar[str] = "order__account_id"

    source_key = models.CharField(max_length=120, unique=True)
    content_hash = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    source = models.CharField(max_length=120)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="advices")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="advices",
        help_text="What the ERP booked: one shipment may book several advices",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=AdviceState, default=AdviceState.WAITING)
    lines = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    canonical = models.JSONField()
    correlation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["recorded_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="orders_advice_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return self.number
