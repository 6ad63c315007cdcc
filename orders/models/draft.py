"""A dealer's order that is not placed yet; its id is the token that makes a double click one order."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from distportal.accounts.models import Account, ShipTo
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from inventory.models import Item
from orders.choices import LineShipping, Shipping
from orders.models.order import Order


class Draft(UuidModel, TimestampedModel):
    """The open cart of a person at an account, saved at every change; `order` is set once it was placed, to the first
    order where several ship-tos made several. `one_off` is an address that is not on file, as a canonical Address;
    `several` says that its lines are shared out over ship-tos, `asked` that it was sent for approval.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ship_to = models.ForeignKey(ShipTo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    one_off = models.JSONField(default=dict, db_default={}, blank=True)
    several = models.BooleanField(default=False, db_default=False)
    po_number = models.CharField(max_length=60, blank=True)
    requested_on = models.DateField(null=True, blank=True)
    cancel_after = models.DateField(null=True, blank=True)
    shipping = models.CharField(
        max_length=9, choices=Shipping, default=Shipping.AVAILABLE, db_default=Shipping.AVAILABLE
    )
    note = models.TextField(blank=True)
    asked = models.BooleanField(default=False, db_default=False)
    placed_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "user"],
                condition=models.Q(order__isnull=True, asked=False),
                name="orders_draft_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.user} for {self.account}"


class DraftLine(models.Model):
    """One item in a cart, or put aside there for later. `seen_price` (per unit) and `seen_promise` are what the dealer
    was told of it last: what differs now is said.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=2, default="EA")
    note = models.CharField(max_length=200, blank=True, default="", db_default="")
    shipping = models.CharField(max_length=5, choices=LineShipping, blank=True, default="", db_default="")
    later = models.BooleanField(default=False, db_default=False)
    seen_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    seen_promise = models.CharField(max_length=200, blank=True, default="", db_default="")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "item", "unit"], name="orders_draft_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="orders_draft_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} {self.item.sku}"


class DraftShare(models.Model):
    """How much of a cart's line goes to one of several ship-tos, in the line's unit."""

    line = models.ForeignKey(DraftLine, on_delete=models.CASCADE, related_name="shares")
    ship_to = models.ForeignKey(ShipTo, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering: ClassVar[list[str]] = ["ship_to__name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["line", "ship_to"], name="orders_draft_share_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="orders_draft_share_not_below"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} to {self.ship_to}"
