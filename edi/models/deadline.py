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
    """One partner's deadline for one set, in hours or in business days; negative is before what it counts from. With
    `business_days` the hours are those that the partner's calendar works.

    Rules are dated (both ends included) because partners change them; the newest one in force holds.
    """

    partner = models.ForeignKey(TradingPartner, on_delete=models.CASCADE, related_name="deadline_rules")
    set_id = models.CharField("set", max_length=3)
    counted_from = models.CharField(max_length=20, choices=CountedFrom)
    hours = models.DecimalField(max_digits=7, decimal_places=2)
    business_days = models.BooleanField(
        "in working time", default=False, help_text="Only hours that the partner's calendar works are counted"
    )
    days = models.SmallIntegerField(
        "business days", default=0, db_default=0,
        help_text="Instead of hours: due when work ends on that business day; the day it begins on is not counted",
    )  # fmt: skip
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
            models.CheckConstraint(
                condition=models.Q(days=0) | models.Q(hours=0), name="edi_deadline_rule_hours_or_days"
            ),
        ]

    def __str__(self) -> str:
        when = f"{self.span} before" if self.hours < 0 or self.days < 0 else f"within {self.span} of"
        return f"{self.set_id} {when} {self.get_counted_from_display().lower()}"

    @property
    def span(self) -> str:
        """How long, without its direction: `4 h`, `9 business hours`, `3 business days`."""
        if self.days:
            return f"{abs(self.days)} business day{'s' if abs(self.days) > 1 else ''}"
        return f"{abs(self.hours).normalize():f} {'business hours' if self.business_days else 'h'}"

    @property
    def in_working_time(self) -> bool:
        """Whether a calendar has a say in it."""
        return self.business_days or bool(self.days)


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
    counted_at = models.DateTimeField(null=True, help_text="What the time is counted from")
    explanation = models.CharField(max_length=400, blank=True, db_default="", help_text="The due time in words")
    calendar_mark = models.CharField(max_length=40, blank=True, db_default="")
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
            models.Index(fields=["due_at"], name="edi_due_document_due"),
        ]

    def __str__(self) -> str:
        return f"{self.set_id} for {self.subject}"
