"""What is agreed with, asked of and told by the partners who run warehouses for us."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import ReceiptState
from edi.models.document import Document
from edi.models.partner import TradingPartner
from inventory.models import Warehouse
from orders.models import Order


class WarehouseLink(models.Model):
    """Who picks and ships in one of our warehouses. `their_code` is what the partner calls it, where it differs."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="warehouses")
    warehouse = models.OneToOneField(Warehouse, on_delete=models.PROTECT, related_name="+")
    their_code = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.warehouse.code} by {self.partner}"


class WarehouseOrder(UuidModel):
    """One instruction to ship (940): the newest `sequence` of an order and warehouse is in force."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="warehouse_orders")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=22, help_text="W0502, the number the 945 repeats")
    sequence = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=1, help_text="W0501: N original, R change, F cancel")
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["ordered_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "warehouse", "sequence"], name="edi_warehouse_order_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner", "number"], name="edi_warehouse_order_number")
        ]

    def __str__(self) -> str:
        return self.number


class StockTransfer(UuidModel):
    """Goods on their way to a partner's warehouse (943)."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="transfers")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=22, unique=True, help_text="W0602, the number the 944 repeats")
    canonical = models.JSONField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    correlation_id = models.UUIDField(db_index=True)
    announced_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-announced_at"]

    def __str__(self) -> str:
        return self.number


class TransferReceipt(UuidModel):
    """What a warehouse says it received (944), recorded once per partner and receipt number."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=30)
    transfer = models.ForeignKey(
        StockTransfer, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    state = models.CharField(max_length=10, choices=ReceiptState)
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "number"], name="edi_receipt_once")
        ]

    def __str__(self) -> str:
        return self.number
