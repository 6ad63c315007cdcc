"""Settle a message of ours by its receipt, whichever way the receipt came, and look for those that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from distportal.systems.sftp.base import TransportError
from edi.choices import As2State, Delivery
from edi.models import As2Message, OutboundFile
from edi.process.outbound import queue_delivery
from edi.queries.mailboxes import overdue_receipts
from edi.transports.as2.mdn import Receipt
from edi.transports.registry import options_of
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases


@transaction.atomic
def settle_receipt(
    *, message_id: UUID, receipt: Receipt, headers: Mapping[str, str], body: bytes, must_be_signed: bool
) -> Delivery:
    """What the receipt makes of the file: delivered, or failed with one case. A second receipt changes nothing.

    Raises TransportError for a success that is not signed as agreed, or that answers another message.
    """
    row = As2Message.objects.select_for_update(of=("self",), no_key=True).select_related(
        "mailbox__partner__account", "outbound_file"
    )
    message = row.defer("body").get(pk=message_id)
    if receipt.message_id != message.message_id:
        raise TransportError(f"the receipt answers {receipt.message_id or 'no message'} and not {message}")
    if message.state in (As2State.DELIVERED, As2State.FAILED):
        return Delivery.DELIVERED if message.state == As2State.DELIVERED else Delivery.FAILED
    problem = _problem(message, receipt)
    if not problem and must_be_signed and not receipt.signed:
        raise TransportError(f"the receipt for {message} is not signed as agreed", permanent=True)
    state, delivery = (As2State.FAILED, Delivery.FAILED) if problem else (As2State.DELIVERED, Delivery.DELIVERED)
    As2Message.objects.filter(pk=message.pk).update(
        state=state,
        disposition=receipt.disposition[:200],
        problem=problem[:400],
        receipt_headers=dict(headers),
        receipt_body=body,
        receipt_at=database_now(),
        due_at=None,
    )
    _mark(message, delivery)
    _end(message, "as2_receipt_missing", "its receipt came")
    if problem:
        _tell_refused(message, problem)
    else:
        _end(message, "as2_not_delivered", "it was sent again and accepted")
    return delivery


@transaction.atomic
def watch_receipts() -> int:
    """How many messages whose receipt is missing leave again with the same Message-ID; after the last try one case."""
    again = 0
    for message in overdue_receipts(database_now()):
        try:
            most = int(options_of(message.mailbox).most_sends)
        except TransportError:
            most = 0
        with correlated(message.correlation_id):
            if message.attempts < most and message.outbound_file:
                As2Message.objects.filter(pk=message.pk, state=As2State.SENT).update(due_at=None)
                OutboundFile.objects.filter(pk=message.outbound_file.pk).update(sent_at=None, delivery=Delivery.WAITING)
                queue_delivery(message.mailbox.partner)
                again += 1
            else:
                As2Message.objects.filter(pk=message.pk).update(due_at=None)
                _tell_missing(message)
    return again


def _problem(message: As2Message, receipt: Receipt) -> str:
    if not receipt.accepted:
        return f"the receipt says {receipt.disposition}" + (f": {receipt.text}" if receipt.text else "")
    if receipt.mic and receipt.mic_algorithm == message.mic_algorithm and receipt.mic != message.mic:
        return "the receipt names another digest than that of what we sent: the content was changed on its way"
    if not receipt.mic and message.security:
        return "the receipt says processed and names no digest of what was received"
    return ""


def _mark(message: As2Message, delivery: Delivery) -> None:
    """The file is settled; one that was about to leave again is seen to be so when it is picked up."""
    OutboundFile.objects.filter(as2_messages=message).update(
        delivery=delivery, delivered_at=database_now() if delivery == Delivery.DELIVERED else None
    )


def _tell_refused(message: As2Message, problem: str) -> None:
    partner = message.mailbox.partner
    open_case(
        kind="edi.as2_not_delivered",
        code="as2_not_delivered",
        subject_type="edi_outbound_file",
        subject_id=str(message.outbound_file_id),
        sentence=f"{partner} did not accept {message.outbound_file} by AS2: {problem}. The bytes are kept",
        account=partner.account,
        data={"message": str(message.pk), "message_id": message.message_id, "outbound": str(message.outbound_file_id)},
    )


def _tell_missing(message: As2Message) -> None:
    partner = message.mailbox.partner
    open_case(
        kind="edi.as2_receipt_missing",
        code="as2_receipt_missing",
        subject_type="edi_outbound_file",
        subject_id=str(message.outbound_file_id),
        sentence=f"{partner} took {message.outbound_file} {message.attempts} times by AS2 and sent no receipt. Whether "
        "it has the file is not known",
        account=partner.account,
        data={"message": str(message.pk), "message_id": message.message_id, "outbound": str(message.outbound_file_id)},
    )


def _end(message: As2Message, code: str, reason: str) -> None:
    resolve_cases(
        subject_type="edi_outbound_file",
        subject_id=str(message.outbound_file_id),
        code=code,
        resolution=Resolution.BY_EVENT,
        reason=reason,
    )
