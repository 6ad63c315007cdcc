"""Who we exchange documents with, and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from distportal.accounts.models import Account
from distportal.common.models import TimestampedModel


class TradingPartner(TimestampedModel):
    """One pair of interchange identities and the envelope its documents travel in; its agreements say what travels."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    their_qualifier = models.CharField(max_length=2, default="ZZ")
    their_id = models.CharField(max_length=15)
    our_qualifier = models.CharField(max_length=2, default="ZZ")
    our_id = models.CharField(max_length=15)
    their_group_id = models.CharField(max_length=15, blank=True)
    our_group_id = models.CharField(max_length=15, blank=True)
    element_separator = models.CharField(max_length=1, default="*")
    component_separator = models.CharField(max_length=1, default=">")
    segment_terminator = models.CharField(max_length=1, default="~")
    usage = models.CharField(max_length=1, default="P", help_text="P: live. T: in test, nothing books")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["their_qualifier", "their_id", "our_qualifier", "our_id"], name="edi_partner_identity_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether its production documents are booked; the switch is a process with a name and a reason."""
        return self.usage == "P"


class Mailbox(models.Model):
    """Where a partner's files are dropped and fetched: a folder with inbox, outbox and archive below EDI_ROOT."""

    partner = models.OneToOneField(TradingPartner, on_delete=models.CASCADE, related_name="mailbox")
    transport = models.CharField(max_length=10, default="folder")
    path = models.CharField(max_length=200, unique=True)
    active = models.BooleanField(default=True)
    polled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.path
