"""Take an AS2 message: stored and committed before its receipt is answered, once however often it comes."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.systems.sftp.base import TransportError
from edi.choices import As2State, Direction
from edi.models import As2Message, Mailbox
from edi.process.as2_troubles import end_refused, tell_refused, tell_reused, tell_unknown_pair
from edi.process.jobs import RECEIPT_JOB
from edi.process.keys import keyring_for, signer_for
from edi.process.mailboxes import store_body
from edi.process.sightings import plain
from edi.transports.arriving import Bytes, Reading, Scratch
from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.errors import AUTHENTICATION, UNEXPECTED, As2Failure
from edi.transports.as2.mdn import Verdict, Wish, wish_of, write_receipt
from edi.transports.as2.message import Keyring, Opened, open_message
from edi.transports.as2.mime import Entity
from edi.transports.as2.transport import As2Options
from edi.transports.registry import options_of
from edi.transports.spool import keep

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One HTTP request at our AS2 address; header names in lower case, AS2 names without quotes, the digest that of the
    body as it travelled.
    """

    as2_from: str
    as2_to: str
    message_id: str
    headers: Mapping[str, str]
    body: Bytes
    sha256: str

    @property
    def wish(self) -> Wish:
        """What receipt the sender asked for."""
        return wish_of(self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender gets back over HTTP."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A message that was opened, or why not."""

    opened: Opened | None = None
    failure: As2Failure | None = None


def receive_message(*, mailbox: Mailbox | None, came: Incoming) -> Answer:
    """The receipt, made and committed together with the stored file; a repeat gets the stored receipt.

    A message that failed is judged anew when it comes again, so that a correction on either side is enough.
    """
    if mailbox is None:
        tell_unknown_pair(as2_from=came.as2_from, as2_to=came.as2_to)
        failure = As2Failure(AUTHENTICATION, "nobody here exchanges messages under this pair of AS2 names")
        return _answer(came, _receipt(came, Judged(failure=failure), None), later=False)
    known = _stored(came)
    if known and known.state == As2State.RECEIVED and known.sha256 == came.sha256:
        return _again(known)
    with Scratch(settings.EDI_SPOOL / "unfinished") as scratch:
        return _record(mailbox=mailbox, came=came, judged=_judge(mailbox, came, scratch))


def _judge(mailbox: Mailbox, came: Incoming, scratch: Scratch) -> Judged:
    try:
        options: As2Options = options_of(mailbox)
        if came.wish.url and not options.may_answer_to(came.wish.url):
            raise As2Failure(UNEXPECTED, f"receipts are not sent to {urlsplit(came.wish.url).hostname}")
        keys: Keyring = keyring_for(mailbox, options)
        return Judged(opened=open_message(came.headers, came.body, keys, scratch=scratch))
    except As2Failure as failure:
        return Judged(failure=failure)
    except TransportError as error:
        return Judged(failure=As2Failure(UNEXPECTED, str(error)))
    except (DatabaseError, InterfaceError):
        raise  # nothing is wrong with the message: its sender is told to send it again
    except Exception as error:  # a stranger's bytes in foreign parsers: whatever they raise, the sender is told
        log.exception("as2.unexpected", message_id=came.message_id)
        return Judged(failure=As2Failure(UNEXPECTED, f"{type(error).__name__} while the message was read"))


@transaction.atomic
def _record(*, mailbox: Mailbox, came: Incoming, judged: Judged) -> Answer:
    fresh = As2Message(
        mailbox=mailbox,
        direction=Direction.IN,
        as2_from=came.as2_from,
        as2_to=came.as2_to,
        message_id=came.message_id,
        state=As2State.FAILED,
        body=b"",
        sha256=came.sha256,
        correlation_id=uuid.uuid4(),
    )
    As2Message.objects.bulk_create([fresh], ignore_conflicts=True)
    row = As2Message.objects.select_for_update(no_key=True).get(
        direction=Direction.IN, as2_from=came.as2_from, as2_to=came.as2_to, message_id=came.message_id
    )
    if row.state == As2State.RECEIVED:
        return _repeated(row, came, judged, mailbox)
    _fill(row, mailbox, came, judged)
    row.save()
    if judged.failure:
        tell_refused(row, mailbox, str(judged.failure))
    else:
        end_refused(row)
    return _answer(came, _receipt_of(row), later=_queued(row))


def _fill(row: As2Message, mailbox: Mailbox, came: Incoming, judged: Judged) -> None:
    kept = keep(Reading(came.body), spool=settings.EDI_SPOOL)
    row.headers, row.sha256, row.mailbox = dict(came.headers), came.sha256, mailbox
    row.body, row.spooled = kept.content or b"", kept.content is None
    row.problem = str(judged.failure or "")[:400]
    if judged.opened:
        found = judged.opened
        name = plain(found.filename or came.message_id.strip("<>")).replace("/", "_")
        file = store_body(mailbox=mailbox, name=name, body=Reading(found.payload))
        row.state, row.inbound_file, row.correlation_id = As2State.RECEIVED, file, file.correlation_id
        row.content_sha256, row.security = file.sha256, ", ".join(found.layers)
    receipt = _receipt(came, judged, mailbox)
    row.receipt_headers, row.receipt_body = dict(receipt.headers), receipt.body
    row.receipt_url = came.wish.url[:500] if row.state == As2State.RECEIVED or _may_answer(mailbox, came) else ""
    row.disposition = judged.failure.modifier if judged.failure else "processed"
    row.receipt_at = None if row.receipt_url else database_now()


def _repeated(row: As2Message, came: Incoming, judged: Judged, mailbox: Mailbox) -> Answer:
    """The same content in another envelope is a repeat; other content under a used Message-ID is a case."""
    content = hashlib.sha256(judged.opened.payload).hexdigest() if judged.opened else ""
    if content == row.content_sha256:
        return _again(row)
    tell_reused(row, mailbox)
    failure = judged.failure or As2Failure(UNEXPECTED, "this Message-ID was used before for other content")
    return _answer(came, _receipt(came, Judged(failure=failure), mailbox), later=False)


def _again(row: As2Message) -> Answer:
    log.info("as2.repeated", message_id=row.message_id)
    if _queued(row):
        return Answer()
    return Answer(headers=row.receipt_headers, body=bytes(row.receipt_body or b""))


def _stored(came: Incoming) -> As2Message | None:
    return As2Message.objects.filter(
        direction=Direction.IN, as2_from=came.as2_from, as2_to=came.as2_to, message_id=came.message_id
    ).first()


def _queued(row: As2Message) -> bool:
    """Whether the receipt travels by itself, to the address that the sender named."""
    if row.receipt_url:
        enqueue_job(RECEIPT_JOB, key=str(row.pk), payload={"message": str(row.pk)})
    return bool(row.receipt_url)


def _may_answer(mailbox: Mailbox, came: Incoming) -> bool:
    try:
        return bool(options_of(mailbox).may_answer_to(came.wish.url))
    except TransportError:
        return False


def _receipt(came: Incoming, judged: Judged, mailbox: Mailbox | None) -> Entity:
    wish, found = came.wish, judged.opened
    if not wish.wanted:
        return Entity((), b"", b"")
    digest = wish.digest or (found.signed if found else "") or "sha256"
    verdict = Verdict(
        message_id=came.message_id,
        as2_from=came.as2_from,
        as2_to=came.as2_to,
        mic=found.mic(digest) if found else "",
        mic_algorithm=digest if found else "",
        modifier=judged.failure.modifier if judged.failure else "",
        text=f"The message was not accepted: {judged.failure}." if judged.failure else "",
    )
    host = urlsplit(settings.PUBLIC_URL).hostname
    signer = _signer(mailbox) if mailbox and wish.signed else None
    return write_receipt(verdict, own_message_id=f"<{uuid.uuid4()}@{host}>", signer=signer, digest=digest)


def _signer(mailbox: Mailbox) -> KeyPair | None:
    """None leaves the receipt unsigned: better than none at all."""
    try:
        return signer_for(mailbox)
    except TransportError:
        return None


def _receipt_of(row: As2Message) -> Entity:
    return Entity(tuple(row.receipt_headers.items()), bytes(row.receipt_body or b""), b"")


def _answer(came: Incoming, receipt: Entity, *, later: bool) -> Answer:
    return Answer() if later else Answer(headers=dict(receipt.headers), body=bytes(receipt.body))
