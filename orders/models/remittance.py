"""What buyers said they paid, line by line, and which invoice each line was matched to."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.choices import PaidOutcome, RemittanceState
from orders.models.dispute import Dispute
from orders.models.invoice import Invoice
from orders.models.open_amounts import LINE_TRIGGERS, PAYMENT_TRIGGERS


class Remittance(UuidModel):
    """One payment as its payer told it. One is applied per account and trace; another with the same trace and other
    content is kept as a conflict. `source_key` is the channel's own key (EDI document). `settled` is kept by the
    database alone: paid and discount of its lines; NULL is not reckoned yet.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="remittances")
    trace = models.CharField(max_length=60)
    source_key = models.CharField(max_length=160)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=RemittanceState, default=RemittanceState.APPLIED)
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    method = models.CharField(max_length=3, blank=True)
    payer = models.CharField(max_length=120, blank=True)
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    correlation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())
    settled = models.DecimalField(max_digits=16, decimal_places=2, null=True, editable=False)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-paid_on", "-recorded_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-paid_on", "-recorded_at"], name="orders_remittance_newest"),
            models.Index(fields=["id"], condition=models.Q(settled=None), name="orders_remittance_unreckoned"),
            models.Index(fields=["trace"], opclasses=["varchar_pattern_ops"], name="orders_remittance_trace"),
            GinIndex(OpClass(Upper("trace"), "gin_trgm_ops"), name="orders_remittance_by_part"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "trace", "source_key"], name="orders_remittance_once"),
            models.UniqueConstraint(
                fields=["account", "trace"],
                condition=models.Q(state="applied"),
                name="orders_remittance_applied_once",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = PAYMENT_TRIGGERS

    def __str__(self) -> str:
        return self.trace


class RemittanceLine(models.Model):
    """What of the payment is for one document. `paid` plus `discount` settle the invoice; below zero takes back."""

    account_path: ClassVar[str] = "remittance__account_id"

    remittance = models.ForeignKey(Remittance, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=60, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    paid = models.DecimalField(max_digits=14, decimal_places=2)
    gross = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    discount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    outcome = models.CharField(max_length=12, choices=PaidOutcome)
    difference = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    disputes = models.ManyToManyField(Dispute, related_name="remittance_lines", blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        indexes: ClassVar[list[models.Index]] = [models.Index(Upper("number"), name="orders_remittance_paid_for")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["remittance", "position"], name="orders_remittance_line_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = LINE_TRIGGERS

    def __str__(self) -> str:
        return f"{self.remittance}: {self.paid} for {self.number or 'no document'}"
