"""The way in for a dealer's people."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Lower

from distportal.accounts.choices import Role
from distportal.accounts.models.core import Account, User
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel


@pghistory.track(exclude=["nonce"])
class Invitation(UuidModel, TimestampedModel):
    """Somebody asked to join an account by e-mail. The link in the mail is signed and holds `nonce`: a new one, made
    when it is sent again, ends all links before.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role)
    nonce = models.CharField(max_length=32)
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the last mail left")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["email"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "account", Lower("email"), name="accounts_invitation_open_once",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} to {self.account}"
