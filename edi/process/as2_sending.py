"""Send a file of ours by AS2: the message is committed before the call, its receipt decides."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F

from distportal.events.clock import database_now
from distportal.systems.sftp.base import Parcel, Receipt, TransportError
from edi.choices import As2State, Delivery, Direction
from edi.models import As2Message, Mailbox, OutboundFile
from edi.process.as2_receipts import settle_receipt
from edi.process.file_bytes import sent_bytes_of
from edi.process.keys import keyring_for, receiver_for, signer_for
from edi.queries.mailboxes import message_of_file
from edi.transports.as2.errors import As2Failure
from edi.transports.as2.mdn import quoted, read_receipt
from edi.transports.as2.message import Recipe, compose
from edi.transports.as2.mic import DIGESTS
from edi.transports.as2.transport import As2Options
from edi.transports.base import Transport
from edi.transports.registry import options_of

OUR_PATH = "/as2"
"""Where partners send messages and asynchronous receipts to, below PUBLIC_URL."""


def bring_by_as2(mailbox: Mailbox, file: OutboundFile, transport: Transport) -> Delivery:
    """Where the file is after this try. A try whose answer was lost is repeated with the same bytes and Message-ID.

    Raises TransportError.
    """
    options: As2Options = options_of(mailbox)
    message = _message_for(mailbox=mailbox, file=file, options=options)
    if message is None:
        return Delivery(OutboundFile.objects.values_list("delivery", flat=True).get(pk=file.pk))
    answer = transport.put(Parcel(name=file.name, content=bytes(message.body), headers=message.headers))
    if options.mdn == "sync":
        return _by_answer(message, answer, mailbox, options)
    return _sent(message_id=message.pk, options=options)


@transaction.atomic
def _message_for(*, mailbox: Mailbox, file: OutboundFile, options: As2Options) -> As2Message | None:
    """The message that carries the file now: the one on its way, or a new one. None where a receipt settled the file
    already: one that came late, or one whose note was cut short by a crash.
    """
    waiting = OutboundFile.objects.select_for_update(no_key=True).filter(pk=file.pk, delivery=Delivery.WAITING)
    if not waiting.only("pk").exists():
        return None
    known = message_of_file(file.pk)
    if known is None or known.state in (As2State.DELIVERED, As2State.FAILED):
        known = _new_message(mailbox, file, options)
    As2Message.objects.filter(pk=known.pk).update(attempts=F("attempts") + 1, state=As2State.SENDING)
    return known


def _new_message(mailbox: Mailbox, file: OutboundFile, options: As2Options) -> As2Message:
    recipe = Recipe(
        sign=options.sign, cipher=options.cipher, compress=options.compress, content_type=options.content_type
    )
    try:
        made = compose(
            sent_bytes_of(file), filename=file.name, recipe=recipe,
            signer=signer_for(mailbox), receiver=receiver_for(mailbox),
        )  # fmt: skip
    except ValueError as error:
        raise TransportError(f"{file.name} cannot be sent by AS2: {error}", permanent=True) from error
    message_id = f"<{uuid.uuid4()}@{urlsplit(settings.PUBLIC_URL).hostname}>"
    return As2Message.objects.create(
        mailbox=mailbox,
        direction=Direction.OUT,
        as2_from=options.our_id,
        as2_to=options.their_id,
        message_id=message_id,
        state=As2State.SENDING,
        headers={**_headers(message_id, file, options), **made.headers},
        body=made.body,
        sha256=hashlib.sha256(made.body).hexdigest(),
        content_sha256=file.sha256,
        mic=made.mic,
        mic_algorithm=made.mic_algorithm,
        security=", ".join(w for w in (options.sign and "signed", options.cipher and "encrypted") if w),
        outbound_file=file,
        correlation_id=file.correlation_id,
    )


def _headers(message_id: str, file: OutboundFile, options: As2Options) -> dict[str, str]:
    rows = {
        "AS2-Version": "1.2",
        "AS2-From": quoted(options.our_id),
        "AS2-To": quoted(options.their_id),
        "Message-ID": message_id,
        "Subject": file.name,
        "Date": formatdate(usegmt=True),
        "MIME-Version": "1.0",
    }
    if options.mdn != "none":
        rows["Disposition-Notification-To"] = settings.PUBLIC_URL + OUR_PATH
        if options.mdn_signed:
            digest = DIGESTS[options.sign or "sha256"]
            rows["Disposition-Notification-Options"] = (
                f"signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, {digest}"
            )
    if options.mdn == "async":
        rows["Receipt-Delivery-Option"] = settings.PUBLIC_URL + OUR_PATH
    return rows


def _by_answer(message: As2Message, answer: Receipt, mailbox: Mailbox, options: As2Options) -> Delivery:
    if not answer.body:
        raise TransportError(f"{options.url} took {message} and answered without a receipt; it is sent again")
    try:
        receipt = read_receipt(answer.headers, answer.body, keyring_for(mailbox, options).theirs)
    except As2Failure as error:
        raise TransportError(
            f"the receipt for {message} is not valid: {error}; the same message is sent again"
        ) from error
    return settle_receipt(
        message_id=message.pk,
        receipt=receipt,
        headers=answer.headers,
        body=answer.body,
        must_be_signed=options.mdn_signed,
    )


@transaction.atomic
def _sent(*, message_id: uuid.UUID, options: As2Options) -> Delivery:
    """It left: without a receipt that is all that can be known; with a later one it waits. One that came meanwhile
    holds.
    """
    row = As2Message.objects.select_for_update(no_key=True).defer("body").get(pk=message_id)
    if row.state == As2State.DELIVERED or options.mdn == "none":
        As2Message.objects.filter(pk=row.pk).update(state=As2State.DELIVERED)
        return Delivery.DELIVERED
    if row.state == As2State.FAILED:
        return Delivery.FAILED
    due = database_now() + dt.timedelta(minutes=options.receipt_minutes)
    As2Message.objects.filter(pk=row.pk).update(state=As2State.SENT, due_at=due)
    return Delivery.SENT
