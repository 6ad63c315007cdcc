"""What must leave when, and what it costs if it does not: dated rules, and each thing that is due by them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import CountedFrom, DueState, FeeKind
from edi.models.document import Document
from edi.models.interchange import FunctionalGroup
from edi.models.partner import TradingPartner
from orders.models import Order, Shipment


class DeadlineRule(models.Model):
    """One partner's deadline for one set. `hours` may be negative: that long before the moment it counts from.

    Rules are dated (both ends included) because partners change them; the newest one in force holds.
    """

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="deadline_rules")
    set_id = models.CharField("set", max_length=3)
    counted_from = models.CharField(max_length=20, choices=CountedFrom)
    hours = models.DecimalField(max_digits=7, decimal_places=2)
    business_days = models.BooleanField(default=False, help_text="Hours of Saturdays and Sundays do not count")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    warn_hours = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(4))
    fee_kind = models.CharField(max_length=12, choices=FeeKind, default=FeeKind.NONE)
    fee_amount = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(0))
    fee_minimum = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    source = models.CharField(max_length=200, blank=True, help_text="Where the partner says so, and since when")

    class Meta:
        ordering: ClassVar[list[str]] = ["set_id", "-valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "set_id", "valid_from"], name="edi_deadline_rule_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="edi_deadline_rule_dates",
            ),
        ]

    def __str__(self) -> str:
        hours = f"{abs(self.hours).normalize():f} h"
        when = f"{hours} before" if self.hours < 0 else f"within {hours} of"
        return f"{self.set_id} {when} {self.get_counted_from_display().lower()}"


class DueDocument(UuidModel):
    """One document that is due, or was. `subject` names the fact it tells: with partner and set it is due once."""

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="due_documents")
    rule = models.ForeignKey(DeadlineRule, on_delete=models.PROTECT, related_name="+")
    set_id = models.CharField(max_length=3)
    subject = models.CharField(max_length=64)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(FunctionalGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DueState, default=DueState.OPEN)
    left_at = models.DateTimeField(null=True, blank=True)
    fee = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    correlation_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["due_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "set_id", "subject"], name="edi_due_document_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="edi_due_document_open", condition=models.Q(left_at__isnull=True)),
            models.Index(fields=["partner", "-due_at"], name="edi_due_document_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.set_id} for {self.subject}"
