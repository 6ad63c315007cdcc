"""Our AS2 address: partners post messages and asynchronous receipts here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from distportal.events.choices import Level
from distportal.events.pressure import RETRY_SECONDS, takes_orders
from distportal.systems.sftp.base import TransportError
from edi.api.bodies import reader_of
from edi.errors import UnknownDocument
from edi.models import Mailbox
from edi.process.as2_receipt_post import take_receipt
from edi.process.as2_receiving import Incoming, receive_message
from edi.process.as2_troubles import tell_unknown_pair
from edi.process.oversize import Oversize, note_big_message
from edi.queries.mailboxes import as2_mailbox
from edi.transports.arriving import Arrived, CutOff, TooMuch, arriving
from edi.transports.as2.mdn import is_receipt, unquoted

MOST_BYTES = 64 * 1024 * 1024
"""A message is opened while its sender waits; more goes by SFTP or our API."""
MOST_RECEIPT = 1024 * 1024


@csrf_exempt
@require_POST
def as2(request: HttpRequest) -> HttpResponse:
    """The receipt of a message, or 200 for a receipt. 400 and 404 keep nothing, 413 no content; on 5xx the sender sends
    again: on 503 nothing can be stored safely for the moment.
    """
    if not takes_orders():
        away = _plain("Nothing can be taken for the moment. Nothing was kept, send it again later.", 503)
        away["Retry-After"] = str(RETRY_SECONDS[Level.PROTECT])
        return away
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    named = {name: unquoted(headers.get(name, "")) for name in ("as2-from", "as2-to")}
    if not all(named.values()) or not headers.get("message-id", "").strip():
        return _plain("An AS2 message has AS2-From, AS2-To and Message-ID. Nothing was kept.", 400)
    if any(len(text) > most for text, most in ((*((t, 128) for t in named.values()), (headers["message-id"], 255)))):
        return _plain("AS2-From and AS2-To have at most 128 characters, Message-ID 255. Nothing was kept.", 400)
    read, length = reader_of(request)
    try:
        with arriving(read, length=length, most=MOST_BYTES, folder=settings.EDI_SPOOL / "unfinished") as body:
            if body.size:
                return _taken(headers, named, body)
    except TooMuch:
        return _too_big(headers, named, length)
    except CutOff:
        pass
    return _plain("The message ended before its length, or is empty. Nothing was kept, send it again.", 400)


def _too_big(headers: dict[str, str], named: dict[str, str], length: int | None) -> HttpResponse:
    mailbox = as2_mailbox(theirs=named["as2-from"], ours=named["as2-to"])
    if mailbox is None:
        tell_unknown_pair(as2_from=named["as2-from"], as2_to=named["as2-to"])
    else:
        came = Oversize(name=headers["message-id"].strip(), size=length, most=MOST_BYTES, headers=headers)
        note_big_message(mailbox=mailbox, as2_from=named["as2-from"], as2_to=named["as2-to"], came=came)
    return _plain(f"A message has at most {MOST_BYTES} bytes; send more by SFTP. Its content was not kept.", 413)


def _taken(headers: dict[str, str], named: dict[str, str], body: Arrived) -> HttpResponse:
    mailbox = as2_mailbox(theirs=named["as2-from"], ours=named["as2-to"])
    if is_receipt(headers, bytes(body.content[:4096])):
        return _receipt(mailbox, headers, body)
    came = Incoming(
        as2_from=named["as2-from"],
        as2_to=named["as2-to"],
        message_id=headers["message-id"].strip(),
        headers=headers,
        body=body.content,
        sha256=body.sha256,
    )
    answer = receive_message(mailbox=mailbox, came=came)
    return HttpResponse(answer.body, headers=dict(answer.headers), status=200)


def _receipt(mailbox: Mailbox | None, headers: dict[str, str], body: Arrived) -> HttpResponse:
    if mailbox is None:
        return _plain("Nobody here exchanges messages under this pair of AS2 names.", 404)
    if body.size > MOST_RECEIPT:
        return _plain(f"A receipt has at most {MOST_RECEIPT} bytes. Nothing was settled.", 413)
    try:
        take_receipt(mailbox=mailbox, headers=headers, body=bytes(body.content))
    except UnknownDocument as error:
        return _plain(error.message, 404)
    except TransportError as error:
        return _plain(f"{error}. Nothing was settled.", 400)
    return HttpResponse(status=200)


def _plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
