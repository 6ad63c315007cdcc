"""A dealer's order that is not placed yet; its id is the token that makes a double click one order."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from distportal.accounts.models import Account, ShipTo
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from inventory.models import Item
from orders.models.order import Order


class Draft(UuidModel, TimestampedModel):
    """The open cart of a person at an account, saved at every change; `order` is set once it was placed."""

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ship_to = models.ForeignKey(ShipTo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    po_number = models.CharField(max_length=60, blank=True)
    requested_on = models.DateField(null=True, blank=True)
    ship_complete = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    order = models.OneToOneField(Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "user"], condition=models.Q(order__isnull=True), name="orders_draft_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.user} for {self.account}"


class DraftLine(models.Model):
    """One item in a cart."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=2, default="EA")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "item", "unit"], name="orders_draft_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="orders_draft_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} {self.item.sku}"
