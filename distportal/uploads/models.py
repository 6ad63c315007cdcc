"""Files that people send with a form, cleaned, and kept before the rest of the form is judged."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel


class StoredFile(UuidModel):
    """One clean file. `form` is the token of the form it came with: the same file with the same form is stored once.
    `used` once something holds it; before, only who sent it finds it again: the person, or the `client` behind a key.
    `internal`: no dealer sees it.
    """

    account_path: ClassVar[str] = "account_id"
    hidden_from_dealers: ClassVar[str] = "internal"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    form = models.UUIDField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    internal = models.BooleanField(default=False, db_default=False)
    used = models.BooleanField(default=False, db_default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    client = models.CharField(max_length=80, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "form", "sha256"], name="uploads_file_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["created_at"], name="uploads_file_oldest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown on a page."""
        return self.media_type.startswith("image/")
