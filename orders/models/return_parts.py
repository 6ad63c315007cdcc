"""What a return brings with it: pictures of the goods, and the credits that the ERP is asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.models.delivery import ProofImage
from orders.models.invoice import Invoice
from orders.models.return_ import Return


class ReturnPhoto(UuidModel):
    """One picture of the goods; its clean bytes are stored once, however often they are sent."""

    account_path: ClassVar[str] = "request__account_id"

    request = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(ProofImage, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["added_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "image"], name="orders_return_photo_once")
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.image}"


class ReturnCredit(UuidModel):
    """What the ERP is asked to credit for goods that came back: one per invoice they were billed on. Booked once there
    is a credit memo.
    """

    account_path: ClassVar[str] = "request__account_id"

    request = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="credits")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    credit_memo = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "invoice"], name="orders_return_credit_once")
        ]

    def __str__(self) -> str:
        return f"{self.request}, invoice {self.invoice}"
