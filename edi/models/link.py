"""How a mailbox fares, and which files were seen in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from edi.choices import Direction
from edi.models.partner import Mailbox


class MailboxLink(models.Model):
    """One direction of a mailbox: who works at it now, when it last worked, and what stands in its way."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="links")
    direction = models.CharField(max_length=3, choices=Direction)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failed_since = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mailbox", "direction"], name="edi_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.direction}"


class Sighting(models.Model):
    """A file that lies in a mailbox. `stamp` is its size and time of change there; `unchanged_since` is our clock.

    `taken_sha256` is written with the stored file, so a file that the server keeps is taken once.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="sightings")
    name = models.CharField(max_length=255)
    stamp = models.CharField(max_length=60)
    unchanged_since = models.DateTimeField(db_default=Now())
    incomplete = models.BooleanField(default=False)
    take_anyway = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True, blank=True)
    taken_stamp = models.CharField(max_length=60, blank=True)
    taken_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mailbox", "name"], name="edi_sighting_once")
        ]

    def __str__(self) -> str:
        return self.name
