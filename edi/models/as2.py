"""AS2 messages in both directions with the receipts (MDN) that belong to them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import As2State, Direction
from edi.models.erasing import bytes_change
from edi.models.inbound import InboundFile
from edi.models.outbound import OutboundFile
from edi.models.partner import Mailbox


class As2Message(UuidModel):
    """One message as it travelled: HTTP headers and body, so that a resend is the same message.

    `receipt_headers` and `receipt_body` are the MDN: for what came, the one we answer every repeat with. From
    `erased_at` on the body is gone; its hashes and the receipt stay.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="as2_messages")
    direction = models.CharField(max_length=3, choices=Direction)
    as2_from = models.CharField(max_length=128)
    as2_to = models.CharField(max_length=128)
    message_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=As2State)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    spooled = models.BooleanField(default=False, db_default=False, help_text="The body is a file named by its hash")
    sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64, blank=True)
    mic = models.CharField(max_length=120, blank=True)
    mic_algorithm = models.CharField(max_length=10, blank=True)
    security = models.CharField(max_length=60, blank=True, help_text="signed, encrypted, compressed")
    inbound_file = models.ForeignKey(
        InboundFile, on_delete=models.PROTECT, null=True, blank=True, related_name="as2_messages"
    )
    outbound_file = models.ForeignKey(
        OutboundFile, on_delete=models.PROTECT, null=True, blank=True, related_name="as2_messages"
    )
    receipt_headers = models.JSONField(default=dict)
    receipt_body = models.BinaryField(null=True)
    receipt_url = models.CharField(max_length=500, blank=True)
    receipt_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the receipt is missing")
    correlation_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["direction", "as2_from", "as2_to", "message_id"], name="edi_as2_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["message_id"], name="edi_as2_message_id"),
            models.Index(fields=["due_at"], name="edi_as2_awaited", condition=models.Q(state="sent")),
            models.Index(fields=["outbound_file", "-created_at"], name="edi_as2_of_file"),
            models.Index(fields=["created_at"], name="edi_as2_kept", condition=models.Q(erased_at=None)),
            models.Index(fields=["sha256"], name="edi_as2_spooled", condition=models.Q(spooled=True, erased_at=None)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="sent_bytes_are_kept",
                operation=pgtrigger.Update,
                condition=bytes_change("body", "created_at", "message_id", among="OLD.direction = 'out'"),
            )
        ]

    def __str__(self) -> str:
        return self.message_id
