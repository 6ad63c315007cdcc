"""What people are told, how they want to be told, and every mail with the very words that were sent."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.common.models import UuidModel
from distportal.notices.choices import MailState, Mode, Plan

DIGEST_AT = dt.time(7, 0)


class Mail(UuidModel):
    """One message to one address. `key` is what it is about: the same key is one mail for ever, and every retry sends
    these words under the same Message-ID. `enclosure` names the paper that goes with it, as enclosures.py reads it.
    """

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    to_email = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    enclosure = models.CharField(max_length=80, blank=True, db_default="")
    state = models.CharField(max_length=10, choices=MailState, default=MailState.PENDING)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-created_at"], name="notices_mail_newest")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_email}: {self.state}"


class Notice(models.Model):
    """One thing that happened, as one person is told it. `facts` fill the sentence of its kind when it is shown."""

    account_path: ClassVar[str] = "account_id"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="None: told to our people"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    in_app = models.BooleanField(default=True)
    plan = models.CharField(max_length=10, choices=Plan, default=Plan.NONE)
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    occurred_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="notices_notice_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], name="notices_newest", condition=models.Q(in_app=True)),
            models.Index(fields=["user"], name="notices_unread", condition=models.Q(in_app=True, read_at__isnull=True)),
            models.Index(
                fields=["user", "plan"],
                name="notices_to_mail",
                condition=models.Q(plan__in=("quiet", "digest"), mail__isnull=True),
            ),
            models.Index(fields=["user", "created_at"], name="notices_at_once", condition=models.Q(plan="instant")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.user_id}"


class NoticeSettings(models.Model):
    """A person's clock: the hours in which no mail comes, and when the digest does. The time zone is the
    person's own. `refused_email` is the address that a mail server refused: nothing more is sent to it until the person
    says so or has another one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_settings"
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(default=DIGEST_AT)
    refused_email = models.EmailField(blank=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notices_quiet_both",
            )
        ]

    def __str__(self) -> str:
        return f"notifications of {self.user_id}"


class NoticeChoice(models.Model):
    """How a person wants one kind; without a row the kind's own default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    mail = models.CharField(max_length=10, choices=Mode)
    in_app = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "kind"], name="notices_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"
