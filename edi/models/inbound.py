"""Files as they came, byte for byte."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import InboundState
from edi.models.erasing import bytes_change
from edi.models.partner import Mailbox


class InboundFile(UuidModel):
    """One dropped file; (mailbox, name, sha256) makes taking it twice harmless. Where it is `spooled` its bytes are a
    file that is named by their hash, and `content` is empty. From `erased_at` on the bytes are gone, their hash is not.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content = models.BinaryField(default=b"")
    spooled = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=InboundState, default=InboundState.STORED)
    problem = models.CharField(max_length=400, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    received_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mailbox", "name", "sha256"], name="edi_inbound_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["mailbox", "sha256"], name="edi_inbound_content"),
            models.Index(fields=["name"], name="edi_inbound_name"),
            models.Index(fields=["received_at"], name="edi_inbound_kept", condition=models.Q(erased_at=None)),
            models.Index(
                fields=["sha256"], name="edi_inbound_spooled", condition=models.Q(spooled=True, erased_at=None)
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="bytes_are_kept",
                operation=pgtrigger.Update,
                condition=bytes_change("content", "received_at", "sha256", "name", "size", "spooled"),
            )
        ]

    def __str__(self) -> str:
        return self.name
