"""What is said about a record, by dealers and by our people: messages stay as they were written."""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account, User
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from distportal.threads.choices import Side, Waits
from distportal.uploads.models import StoredFile


class Thread(UuidModel):
    """The one thread of a record: `subject_type` and `subject_id` as cases and events name it. `dealer_at` is the last
    moment at which something was said that the dealer sees; without one the dealer knows of no thread.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    path = models.CharField(max_length=200, blank=True)
    waits_for = models.CharField(max_length=6, choices=Waits, blank=True, default=Waits.NOBODY)
    waits_since = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(db_default=Now())
    dealer_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="threads_thread_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-last_at", "-id"], name="threads_newest"),
            models.Index(fields=["account", "-last_at", "-id"], name="threads_by_account"),
            models.Index(
                fields=["waits_for", "-last_at", "-id"], name="threads_waiting", condition=~models.Q(waits_for="")
            ),
        ]

    def __str__(self) -> str:
        return self.label


class MessageQuerySet(AccountScopedQuerySet["Message"]):
    """Messages, of which dealers see those that are not internal."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """As everywhere; nobody sees an internal message but our own people as such."""
        rows = super().visible_to(user)
        ours = user.is_authenticated and user.is_staff and user.standing is None
        return rows if ours else rows.filter(internal=False)


class Message(models.Model):
    """One message, for ever. `token` is that of its form: a double click is one message."""

    account_path: ClassVar[str] = "thread__account_id"
    hidden_from_dealers: ClassVar[str] = "internal"

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    token = models.UUIDField(unique=True)
    side = models.CharField(max_length=6, choices=Side)
    internal = models.BooleanField()
    asks = models.BooleanField(default=False, db_default=False)
    text = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=160)
    correlation_id = models.UUIDField(db_index=True)
    written_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(internal=False) | models.Q(side="staff"), name="threads_internal")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["thread", "-id"], name="threads_message_newest")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"


class MessageFile(models.Model):
    """A file that came with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.file_id}"


class ThreadReader(models.Model):
    """How far a person has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    last_message_id = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "thread"], name="threads_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.last_message_id}"
