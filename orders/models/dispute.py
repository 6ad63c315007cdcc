"""A dealer says an invoice line is wrong; finance decides; the ERP's credit memo ends it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from distportal.common.states import transition_pairs
from orders.choices import (
    DISPUTE_MOVES,
    DenyReason,
    DisputeOutcome,
    DisputeReason,
    DisputeStatus,
    RootCause,
    WriteOffReason,
)
from orders.models.invoice import Invoice, InvoiceLine


@pghistory.track(exclude=["updated_at"])
class Dispute(UuidModel, TimestampedModel):
    """One claim on one invoice. Approved is not booked: only the ERP's credit memo books it. `token` makes a repeat
    harmless. A person opened it, or what a partner sent: then `opened_name` says what, and `opened_by` is empty.

    A split one ends, and its parts, whose `parent` it is, go on each by itself. Three people own it: the coordinator
    keeps it moving, the processor works on it now, the responsible person stands for the cause.
    """

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    token = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="disputes")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="disputes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    status = models.CharField(max_length=18, choices=DisputeStatus, default=DisputeStatus.SUBMITTED)
    reason = models.CharField(max_length=18, choices=DisputeReason)
    root_cause = models.CharField(max_length=18, choices=RootCause, blank=True)
    outcome = models.CharField(max_length=10, choices=DisputeOutcome, blank=True, db_default="")
    deny_reason = models.CharField(max_length=18, choices=DenyReason, blank=True, db_default="")
    write_off_reason = models.CharField(max_length=18, choices=WriteOffReason, blank=True, db_default="")
    note = models.TextField(blank=True)
    amount_claimed = models.DecimalField(max_digits=14, decimal_places=2)
    amount_approved = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=10, default="portal")
    opened_at = models.DateTimeField(db_default=Now())
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    processor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    remind_on = models.DateField(null=True, blank=True)
    waited_seconds = models.PositiveBigIntegerField(default=0, db_default=0)
    evidence_ready = models.BooleanField(default=False, db_default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    credit_memo = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    debit_memo = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reversal_reason = models.TextField(blank=True, db_default="")
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversal_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    correlation_id = models.UUIDField(db_index=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["account", "invoice"],
                name="orders_dispute_open",
                condition=models.Q(status__in=DisputeStatus.OPEN),
            ),
            models.Index(fields=["-opened_at"], name="orders_dispute_newest"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(amount_approved__gte=0, amount_approved__lte=models.F("amount_claimed")),
                name="orders_dispute_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_by__isnull=False) | ~models.Q(opened_name=""),
                name="orders_dispute_opened_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="booked") | models.Q(credit_memo__isnull=False),
                name="orders_dispute_booked_by_memo",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="reversed") | models.Q(debit_memo__isnull=False),
                name="orders_dispute_reversed_by_memo",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(name="status_moves", field="status", transitions=transition_pairs(DISPUTE_MOVES)),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"D-{self.number}"

    @property
    def decided(self) -> bool:
        """Whether finance has decided; what is proposed and waits for a second person is not told to the dealer."""
        return self.status in DisputeStatus.DECIDED


class DisputeLine(models.Model):
    """What is disputed of one invoice line: the quantity in its unit and the amount claimed for it."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="dispute_lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispute", "invoice_line"], name="orders_dispute_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="orders_dispute_line_positive"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.dispute}: {self.amount}"


class DisputeEntry(models.Model):
    """One step in a dispute's life: who, what, and the reason given."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    internal = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor or 'the system'}"
