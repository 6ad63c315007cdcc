"""Asynchronous receipts: those we owe, and those that come for messages of ours."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.events.errors import GiveUp, RetryLater
from distportal.observability.correlation import correlated
from distportal.systems.sftp.base import Parcel, TransportError
from edi.errors import UnknownDocument
from edi.models import As2Message, Mailbox
from edi.process.as2_receipts import settle_receipt
from edi.process.keys import keyring_for
from edi.queries.mailboxes import sent_message
from edi.transports.as2.errors import As2Failure
from edi.transports.as2.mdn import read_receipt
from edi.transports.as2.transport import As2Options, post
from edi.transports.registry import options_of


def send_receipt(*, message_id: UUID) -> None:
    """The stored receipt is at the address its sender named. Raises RetryLater, or GiveUp where that cannot help."""
    row = As2Message.objects.select_related("mailbox").get(pk=message_id)
    parcel = Parcel(name=row.message_id, content=bytes(row.receipt_body or b""), headers=row.receipt_headers)
    try:
        options: As2Options = options_of(row.mailbox)
        if not options.may_answer_to(row.receipt_url):
            raise TransportError(f"receipts are not sent to {row.receipt_url}", permanent=True)
        post(row.receipt_url, parcel, seconds=options.timeout)
    except TransportError as error:
        sentence = f"the receipt for {row.message_id} could not be sent: {error}"
        raise (GiveUp if error.permanent else RetryLater)(sentence) from error
    _note_sent(message_id=message_id)


@transaction.atomic
def _note_sent(*, message_id: UUID) -> None:
    As2Message.objects.filter(pk=message_id).update(receipt_at=database_now())


def take_receipt(*, mailbox: Mailbox, headers: Mapping[str, str], body: bytes) -> None:
    """The message of ours that the receipt answers is settled.

    Raises UnknownDocument where it answers none, TransportError for one that proves nothing.
    """
    options: As2Options = options_of(mailbox)
    try:
        receipt = read_receipt(headers, body, keyring_for(mailbox, options).theirs)
    except As2Failure as error:
        raise TransportError(f"the receipt is not valid: {error}") from error
    message = sent_message(as2_from=options.our_id, as2_to=options.their_id, message_id=receipt.message_id)
    if message is None:
        raise UnknownDocument(f"no message {receipt.message_id} was sent to you; nothing was settled")
    with correlated(message.correlation_id):
        settle_receipt(
            message_id=message.pk, receipt=receipt, headers=headers, body=body, must_be_signed=options.mdn_signed
        )
