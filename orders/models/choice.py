"""What was chosen for a value that could not be used."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from orders.choices.field_words import told_field
from orders.models.order import Order


class FieldChoice(models.Model):
    """One corrected field of one version of an order. `name` is the field as in `line.3.unit`, `field` its last part,
    `seen` what the buyer wrote there, `about` how the buyer calls the line's item; for an item both are the same.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    order_version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    field = models.CharField(max_length=20)
    seen = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    chosen = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "order_version", "name"], name="orders_choice_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "field", "seen"], name="orders_choice_seen")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.seen}: {self.chosen}"

    @property
    def told(self) -> str:
        """The field as people read it."""
        return told_field(self.name)

    @property
    def told_kind(self) -> str:
        """The field on no line, such as “unit”."""
        return told_field(self.field)
