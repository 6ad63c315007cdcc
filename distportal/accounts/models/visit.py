"""When our own people see a dealer's portal, and the person they are in the meantime."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.choices import VisitKind
from distportal.accounts.models.core import Account, User
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel


@pghistory.track()
class Visit(UuidModel):
    """One of our people looked at a dealer's portal as a person there sees it, or ordered for that person; the dealer
    reads who, when and why.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits")
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=VisitKind)
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended by hand; empty: at `ends_at`")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-started_at"], name="accounts_visit_by_account")
        ]

    def __str__(self) -> str:
        return f"{self.staff} on behalf of {self.person} at {self.account}"


class Visitor(User):
    """A staff member during a visit: no staff and no administrator wherever that is asked. Loaded without those two
    columns (`as_visitor`), so that saving such a person leaves what is stored of them as it is.
    """

    is_staff = False  # stands in front of the column that is not loaded
    is_superuser = False

    class Meta:
        proxy = True
        default_permissions = ()


def as_visitor(user: User) -> User:
    """The same person as a visitor."""
    return Visitor.objects.defer("is_staff", "is_superuser").get(pk=user.pk)
