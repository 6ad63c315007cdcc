"""The cases of AS2 messages that came."""

from __future__ import annotations

from edi.models import As2Message, Mailbox
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases


def tell_refused(row: As2Message, mailbox: Mailbox, problem: str) -> None:
    """One case per message; the same message again counts it up."""
    open_case(
        kind="edi.as2_refused",
        code="as2_refused",
        subject_type="edi_as2_message",
        subject_id=str(row.pk),
        sentence=f"An AS2 message of {mailbox.partner} was refused ({row.disposition}): {problem}. Its bytes are kept, "
        "nothing was taken from it, the sender was told",
        account=mailbox.partner.account,
        data={"message": str(row.pk), "message_id": row.message_id},
    )


def end_refused(row: As2Message) -> None:
    """The message was accepted when it came again."""
    resolve_cases(
        subject_type="edi_as2_message",
        subject_id=str(row.pk),
        code="as2_refused",
        resolution=Resolution.BY_EVENT,
        reason="the message came again and was accepted",
    )


def tell_reused(row: As2Message, mailbox: Mailbox) -> None:
    """One case per Message-ID that came with other content."""
    open_case(
        kind="edi.as2_id_reused",
        code="as2_id_reused",
        subject_type="edi_as2_message",
        subject_id=str(row.pk),
        sentence=f"{mailbox.partner} used the AS2 Message-ID {row.message_id} a second time with other content. The "
        "first stands, the second was refused",
        account=mailbox.partner.account,
        data={"message": str(row.pk), "message_id": row.message_id, "file": str(row.inbound_file_id)},
    )


def tell_unknown_pair(*, as2_from: str, as2_to: str) -> None:
    """One case for all strangers together: anybody can knock under any name."""
    open_case(
        kind="edi.as2_unknown",
        code="as2_unknown",
        subject_type="edi_as2_address",
        subject_id="unknown",
        sentence=f"AS2 messages come under names that are not agreed, the last from {as2_from[:60]!r} to "
        f"{as2_to[:60]!r}. They were refused and not kept",
        data={"as2_from": as2_from[:128], "as2_to": as2_to[:128]},
    )
