"""What staff and the CRM write down about an account or one of its orders; dealers never see it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.models.order import Order


class AccountNote(UuidModel):
    """One note, internal and for ever. `source` is the channel it came by, `source_key` that channel's unique key."""

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    author = models.CharField(max_length=120)
    source = models.CharField(max_length=10)
    source_key = models.CharField(max_length=160, unique=True)
    correlation_id = models.UUIDField(db_index=True)
    written_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-written_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-written_at"], name="orders_note_by_account"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
