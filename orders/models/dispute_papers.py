"""What proves a dispute, and what was written to the dealer about it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from distportal.notices.models import Mail
from orders.choices import LetterKind
from orders.models.dispute import Dispute


class DisputeEvidence(models.Model):
    """One thing of a dispute's list of evidence that is there. `item` is its name on the list, `reference` what it is
    (`proof:<id>`, `file:<id>`), `words` what a person reads of it.
    """

    account_path: ClassVar[str] = "dispute__account_id"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    item = models.CharField(max_length=20)
    reference = models.CharField(max_length=120)
    words = models.CharField(max_length=300)
    actor = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispute", "item", "reference"], name="orders_evidence_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.words}"


class LetterTemplate(models.Model):
    """One version of the words of a kind of letter. A change is a new version; the newest one is used."""

    kind = models.CharField(max_length=10, choices=LetterKind)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=160)
    body = models.TextField()
    written_by = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "version"], name="orders_letter_version_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class DisputeLetter(UuidModel):
    """A letter as it was sent: its words, its paper, and the mails that carried it. `key` is the step it tells of."""

    account_path: ClassVar[str] = "dispute__account_id"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="letters")
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=LetterKind)
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    pdf = models.BinaryField()
    written_by = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField(db_default=Now())
    mails = models.ManyToManyField(Mail, related_name="+", blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-written_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-written_at"], name="orders_letter_newest")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} letter on {self.dispute}"


class SavedFilter(models.Model):
    """A filter of a back-office list that its person kept under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="orders_saved_filter_once")
        ]

    def __str__(self) -> str:
        return self.name
