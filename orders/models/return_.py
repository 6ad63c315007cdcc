"""Goods a buyer wants to send back, and what was answered."""

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
from inventory.models import Item
from orders.choices import RETURN_MOVES, ReturnReason, ReturnStatus, ReturnWish
from orders.models.invoice import InvoiceLine


@pghistory.track(exclude=["updated_at"])
class Return(UuidModel, TimestampedModel):
    """One request of one account. `number` is the RMA number, good once the request is approved; `source_key` the
    channel's own key, `reference` the buyer's own number.
    """

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    source_key = models.CharField(max_length=160, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="returns")
    channel = models.CharField(max_length=10)
    reference = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=18, choices=ReturnStatus, default=ReturnStatus.REQUESTED)
    requested_on = models.DateField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    amount_approved = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            # the buyer's own number is what a buyer has in hand
            models.Index(fields=["reference"], name="orders_return_reference"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(name="status_moves", field="status", transitions=transition_pairs(RETURN_MOVES))
        ]

    def __str__(self) -> str:
        return f"RMA-{self.number}"

    @property
    def decided(self) -> bool:
        """Whether we have decided; what waits for a second person is not told to the dealer, nor if it is withdrawn."""
        return self.status in ReturnStatus.DECIDED or self.approved_by_id is not None


class ReturnLine(models.Model):
    """One item. Of `quantity` asked, `allowed` could come back when it was asked, `approved` may, `received` did; all
    in the unit of the invoice line. `reason` is an X12 element 1293 code, `answer` a 1294 code for what is not
    approved.
    """

    account_path: ClassVar[str] = "request__account_id"

    request = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    line_no = models.CharField(max_length=20, blank=True)
    invoice_line = models.ForeignKey(
        InvoiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="return_lines"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_items = models.JSONField(default=list)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    allowed = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    approved = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    received = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0))
    unit = models.CharField(max_length=2)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    reason = models.CharField(max_length=2, blank=True)
    wish = models.CharField(max_length=8, choices=ReturnWish, default=ReturnWish.CREDIT)
    answer = models.CharField(max_length=2, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "position"], name="orders_return_line_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, allowed__gte=0, allowed__lte=models.F("quantity"))
                & models.Q(approved__gte=0, approved__lte=models.F("allowed"))
                & models.Q(received__gte=0, received__lte=models.F("approved")),
                name="orders_return_line_quantities",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} line {self.position}"

    @property
    def reason_shown(self) -> str:
        """The reason in words; a code of a buyer that we have no words for as it is."""
        known = dict(ReturnReason.choices)
        return str(known.get(self.reason, self.reason))
