"""Shopping lists: what somebody buys again and again, kept for oneself or for the whole company."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from inventory.models import Item


class ShoppingList(UuidModel, TimestampedModel):
    """A named list of an account. One that is not `shared` is its owner's alone; one whose owner is gone is everybody's
    to keep.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    shared = models.BooleanField(default=False)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "created_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "name"], name="orders_list_by_name")]

    def __str__(self) -> str:
        return self.name


class ListLine(TimestampedModel):
    """One item of a list, with a note of the company's own. An item stands in a list once."""

    account_path: ClassVar[str] = "list__account_id"

    list = models.ForeignKey(ShoppingList, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list", "item"], name="orders_list_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.item.sku}"
