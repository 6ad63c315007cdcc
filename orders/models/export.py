"""Files of many documents that a dealer's person asked for: what was chosen is frozen, the file goes after a day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from orders.choices import ExportKind, ExportState


class Export(UuidModel):
    """The documents that one person chose, in order, and the file that was made of them. `account` is empty where our
    own people chose. The file is its asker's alone.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invoice_ids = ArrayField(models.UUIDField(), help_text="Frozen when they were chosen")
    chosen_by = models.CharField(max_length=200, blank=True, help_text="The filter, in words; empty for ticks")
    kind = models.CharField(max_length=4, choices=ExportKind, blank=True)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.CHOSEN)
    name = models.CharField(max_length=80, blank=True)
    content = models.BinaryField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0)
    chosen_at = models.DateTimeField(db_default=Now(), db_index=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-chosen_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-chosen_at"], name="orders_export_of_user"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(content__isnull=False, expires_at__isnull=False),
                name="orders_export_ready_has_file",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{len(self.invoice_ids)} documents"
