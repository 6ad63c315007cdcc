"""Dated price ladders."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

from distportal.accounts.models import Account
from distportal.common.models import TimestampedModel
from inventory.models.item import Item


class Price(TimestampedModel):
    """One rung of a ladder per base unit: with an account it is a contract price, with a group the price list of a
    customer group, with neither the general price list. A withdrawn one stays as a mark of the version that ended it.
    """

    account_path: ClassVar[str] = "account_id"
    common_without_account: ClassVar[bool] = True

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    price_group = models.CharField(max_length=20, blank=True, db_default="")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="prices", db_index=False)
    contract = models.CharField(max_length=40, blank=True)
    min_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(1))
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3, default="USD")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    as_of = models.DateTimeField()
    withdrawn = models.BooleanField(default=False, db_default=False)
    erp = models.CharField(max_length=16, default="default", db_default="default")
    erp_id = models.CharField(max_length=80)
    erp_version = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "account"], name="inventory_price_lookup")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="inventory_price_not_negative"),
            models.UniqueConstraint(fields=["erp", "erp_id"], name="inventory_price_of_erp_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item.sku} {self.unit_price} from {self.min_quantity}"
