"""What our own check of an invoice found before its dealer did."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.common.models import UuidModel
from orders.choices import DisputeReason, FindingState
from orders.models.dispute import Dispute
from orders.models.invoice import Invoice, InvoiceLine


@pghistory.track()
class InvoiceFinding(UuidModel):
    """One line that does not fit what was agreed, sent or delivered: one a line and reason for ever, so that an invoice
    that is read again makes no second one. `amount` is the credit that we propose to ourselves.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="findings")
    line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="findings")
    reason = models.CharField(max_length=18, choices=DisputeReason)
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    words = models.CharField(max_length=300)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    found_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-found_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["line", "reason"], name="orders_invoice_finding_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="orders_invoice_finding_amount"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-found_at"], name="orders_finding_open", condition=models.Q(state="open"))
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.words}"
