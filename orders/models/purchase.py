"""What an account has bought before, one row an item."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from inventory.models import Item
from orders.models.order import Order


class Purchase(models.Model):
    """How often an account ordered an item, and the last time: what its orders say, so it is never edited by hand.
    `last_quantity` and `last_price` are per `last_unit`.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveIntegerField()
    last_order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()
    last_quantity = models.DecimalField(max_digits=14, decimal_places=3)
    last_base_quantity = models.DecimalField(max_digits=14, decimal_places=3)
    last_unit = models.CharField(max_length=2)
    last_price = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "item"], name="orders_purchase_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-last_at", "-id"], name="orders_purchase_latest")
        ]

    def __str__(self) -> str:
        return f"{self.item.sku}, {self.times} times"
