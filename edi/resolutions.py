"""The case kinds that EDI knows, and what an agent can do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from edi.process.delivery import resend_document, resend_interchange
from edi.process.inbound import read_again, read_refused_again
from edi.process.placing import discard_document, place_again
from edi.queries.cases import evidence_of
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_case
from exceptions.registry import CaseAction, CaseKind, register_kind

if TYPE_CHECKING:
    from exceptions.models import Case


def panel(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The file, interchange and document behind the case, with every sentence that was said about them."""
    return evidence_of(case)


def read_sender_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Read what the sender dropped, now that a partner was set up; the case closes by itself if that was it."""
    count = read_again(mailbox_id=int(case.data["mailbox"]), sender=str(case.data["sender"]))
    return f"{count} files will be read again now"


def read_file_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Read the refused file once more; if it is refused again, a new case says so."""
    read_refused_again(file_id=UUID(case.data["file"]))
    resolve_case(case_id=case.pk, resolution=Resolution.RETRIED, reason=reason or "read again")
    return "The file will be read again now"


def place_order_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Place the document once more, now that what stopped it was corrected; the case closes when it is placed."""
    return f"{place_again(document_id=UUID(case.subject_id))} will be placed now"


def discard_order(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Leave the document without an order."""
    document = discard_document(document_id=UUID(case.subject_id), reason=reason)
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return f"{document} was discarded"


def send_bytes_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the same file again, once the partner has corrected its side."""
    file = resend_document(document_id=UUID(case.subject_id))
    resolve_case(case_id=case.pk, resolution=Resolution.RETRIED, reason=reason)
    return f"{file.name} will be sent again"


def send_file_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the file again; the case waits on for its 997."""
    return f"{resend_interchange(interchange_id=UUID(case.subject_id)).name} will be sent again"


def close(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Nothing more is to be done here."""
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return "Closed"


CLOSE = CaseAction(name="close", label="Close with a reason", style="bad", run=close, needs_reason=True)
_KINDS: tuple[tuple[str, str, int, str, tuple[CaseAction, ...]], ...] = (
    (
        "edi.mailbox_trouble", "Mailbox cannot be emptied", 3,
        "Look at the folder: does it exist, may the portal read it, is a file too big? The files stay where they are "
        "and are taken as soon as they can be; the case then closes by itself.",
        (CLOSE,),
    ),
    (
        "edi.unreadable_file", "File is not X12", 2,
        "The bytes are kept. Look at them; ask the sender for the right file. Nobody was answered, because the file "
        "names no sender.",
        (CaseAction(name="read_again", label="Read it again", style="primary", run=read_file_again, needs_reason=False),
         CLOSE),
    ),
    (
        "edi.unknown_partner", "Sender is not a partner", 3,
        "Compare ISA05/06 with our partners. Set the partner up or correct its identities in the back office, then "
        "read the files again. A sender in somebody else's mailbox is never answered: ask both.",
        (CaseAction(
            name="read_again", label="Read its files again", style="primary", run=read_sender_again, needs_reason=False
        ), CLOSE),
    ),
    (
        "edi.wrong_receiver", "Addressed to somebody else", 2,
        "The sender used an identity of ours that is not agreed (ISA07/08). It was refused by TA1. Tell the partner "
        "the right one; it must send the interchange again.",
        (CLOSE,),
    ),
    (
        "edi.rejected_interchange", "Interchange refused", 2,
        "The envelope is damaged or not as agreed; the TA1 code says how. Nothing was taken from it. The partner must "
        "send it again, the same ISA13 is free.",
        (CLOSE,),
    ),
    (
        "edi.duplicate_interchange", "Control number used twice", 3,
        "The same ISA13 came with other content. Ask the partner which one holds: if both, the second must be sent "
        "again with a new number.",
        (CLOSE,),
    ),
    (
        "edi.invalid_document", "Document refused by our 997", 2,
        "Our 997 names segment and element. See that the partner acts on it: many never read theirs. A corrected "
        "document comes as a new one.",
        (CLOSE,),
    ),
    (
        "edi.unsupported_set", "Set is not agreed", 2,
        "The partner sent a set or release that is not agreed with it. Agree on it in the back office, or tell the "
        "partner; it must send it again.",
        (CLOSE,),
    ),
    (
        "edi.unreadable_order", "Order cannot be placed", 3,
        "The 850 passed its 997 and still cannot be an order. Read each problem. Correct our side (account, partner) "
        "and place it again, or key it by hand and discard it.",
        (CaseAction(name="place_again", label="Place it again", style="primary", run=place_order_again,
                    needs_reason=False),
         CaseAction(name="discard", label="Discard", style="bad", run=discard_order, needs_reason=True)),
    ),
    (
        "edi.rejected_by_partner", "Partner refused our document", 3,
        "The partner's 997 names segment and element. Unless it corrects its side and asks for the same file, the fact "
        "must reach it another way: an ASN or invoice that is missing costs a chargeback.",
        (CaseAction(name="send_again", label="Send the same file again", style="primary", run=send_bytes_again,
                    needs_reason=True),
         CLOSE),
    ),
    (
        "edi.ack_overdue", "997 is overdue", 2,
        "The file left and its 997 did not come. Ask the partner whether it has the file; if not, send the same file "
        "again. The case closes by itself when the 997 comes.",
        (CaseAction(name="send_again", label="Send the same file again", style="primary", run=send_file_again,
                    needs_reason=False),
         CLOSE),
    ),
    (
        "edi.deadline_near", "Document has to leave soon", 2,
        "The partner's deadline comes near and the document is not on its way. See what holds it up: an order that "
        "waits for a person, a shipment the ERP did not tell, a mailbox. The case closes by itself when it leaves.",
        (CLOSE,),
    ),
    (
        "edi.deadline_missed", "Deadline missed", 3,
        "The document did not leave in time and the partner may charge the amount shown. Let it leave now; the case "
        "closes by itself, the fee stays on the partner's page. The bytes and times kept here are the proof in a "
        "dispute.",
        (CLOSE,),
    ),
    (
        "edi.unmatched_ack", "Acknowledgment of nothing", 1,
        "The partner acknowledges what we did not send, or we cannot read it. Ask what it means by the numbers shown.",
        (CLOSE,),
    ),
)  # fmt: skip
for _kind, _title, _severity, _runbook, _actions in _KINDS:
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="edi",
            severity=_severity,
            runbook=_runbook,
            panel="edi/ops/_case.html",
            panel_context=panel,
            actions=_actions,
        )
    )
