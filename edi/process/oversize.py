"""A body that is bigger than its way takes: refused while it comes, and told, so that nobody looks for it in vain."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from distportal.events.clock import database_now
from edi.choices import As2State, Direction, InboundState
from edi.models import As2Message, InboundFile, Mailbox
from edi.process.storable import storable
from exceptions.process.cases import open_case

_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
_KEPT_HEADERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversize:
    """What is known of it: its name (for AS2 its Message-ID), its size where that was announced, and the limit."""

    name: str
    size: int | None
    most: int
    headers: Mapping[str, str]

    @property
    def told(self) -> str:
        """Its size against the limit, in words."""
        size = "more" if self.size is None else f"{self.size:,} bytes"
        return f"{size} where at most {self.most:,} bytes are taken"


@transaction.atomic
def note_big_message(*, mailbox: Mailbox, as2_from: str, as2_to: str, came: Oversize) -> As2Message:
    """The AS2 message, kept without its body, and one open case of its mailbox. The same Message-ID within the limit is
    judged as if it came for the first time; one that was received before stays as it is.
    """
    fresh = As2Message(
        mailbox=mailbox,
        direction=Direction.IN,
        as2_from=as2_from,
        as2_to=as2_to,
        message_id=came.name,
        state=As2State.FAILED,
        headers=_kept(came.headers),
        body=b"",
        sha256="",
        disposition="413",
        problem=f"Refused while it came: {came.told}. Only its headers are kept.",
        correlation_id=uuid.uuid4(),
        receipt_at=database_now(),
    )
    As2Message.objects.bulk_create([fresh], ignore_conflicts=True)
    row = As2Message.objects.defer("body").get(
        direction=Direction.IN, as2_from=as2_from, as2_to=as2_to, message_id=came.name
    )
    _tell(mailbox, f"An AS2 message ({storable(came.name, 120)})", came, message=str(row.pk))
    return row


@transaction.atomic
def note_big_upload(*, mailbox: Mailbox, came: Oversize) -> InboundFile:
    """The upload as a refused file without bytes, one a name and size, and one open case of its mailbox."""
    mark = f"not kept, {came.size or 'too many'} bytes"
    fresh = InboundFile(
        mailbox=mailbox,
        name=storable(came.name, 255),
        sha256=mark,
        size=came.size or 0,
        state=InboundState.REFUSED,
        problem=f"Refused while it came: {came.told}. Its bytes were not kept.",
        correlation_id=uuid.uuid4(),
    )
    InboundFile.objects.bulk_create([fresh], ignore_conflicts=True)
    row = InboundFile.objects.get(mailbox=mailbox, name=fresh.name, sha256=mark)
    _tell(mailbox, f"The upload {storable(came.name, 120)}", came, file=str(row.pk))
    return row


def _tell(mailbox: Mailbox, what: str, came: Oversize, **more: str) -> None:
    open_case(
        kind="edi.too_big",
        code="too_big",
        subject_type="edi_mailbox",
        subject_id=str(mailbox.pk),
        sentence=f"{what} of {mailbox.partner} was refused (413): {came.told}. Its headers and size are kept, "
        "its bytes are not; the sender was told. Ask it to send the content in smaller files, or by SFTP",
        account=mailbox.partner.account,
        data={
            "name": storable(came.name, 255),
            "size": came.size,
            "limit": came.most,
            "headers": _kept(came.headers),
            **more,
        },
    )


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    shown = ((name.lower(), value) for name, value in headers.items())
    return {n[:80]: storable(v, 400) for n, v in list(shown)[:_KEPT_HEADERS] if n not in _SECRET}
