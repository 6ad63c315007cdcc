"""The case kinds that EDI knows, and what an agent can do about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

from distportal.accounts.models import User
from distportal.systems.mapping.registry import register_scopes
from edi.process.billing import tell_invoice
from edi.process.checking import work_again
from edi.process.delivery import resend_document, resend_file, resend_interchange
from edi.process.inbound import read_again, read_refused_again
from edi.process.placing import discard_document, place_again
from edi.process.reprocessing import reprocess_document
from edi.process.sightings import take_anyway
from edi.queries.cases import evidence_of
from edi.queries.words import partner_scopes, scope_of_order
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_case
from exceptions.registry import CaseAction, CaseKind, register_kind
from orders.process.word_scopes import register_scope_finder

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


def follow_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Follow the document once more, now that what stopped it was corrected; the case closes when it was followed."""
    return f"{reprocess_document(document_id=UUID(case.subject_id))} will be followed now"


def discard_order(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Leave the document without an order."""
    document = discard_document(document_id=UUID(case.subject_id), reason=reason)
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return f"{document} was discarded"


def build_invoice_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Build the invoice's documents once more; the case closes when they are on their way."""
    sent = tell_invoice(invoice_id=UUID(case.subject_id))
    return f"{', '.join(map(str, sent))} will be sent" if sent else "It still cannot be sent; the case says why"


def send_bytes_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the same file again, once the partner has corrected its side."""
    file = resend_document(document_id=UUID(case.subject_id))
    resolve_case(case_id=case.pk, resolution=Resolution.RETRIED, reason=reason)
    return f"{file.name} will be sent again"


def send_file_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the file again; the case waits on for its 997."""
    return f"{resend_interchange(interchange_id=UUID(case.subject_id)).name} will be sent again"


def try_mailbox_now(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Try the mailbox at once instead of at its next turn; the case closes by itself if it works."""
    return f"{work_again(mailbox_id=int(case.subject_id))} is tried now"


def take_file_as_it_is(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Take the incomplete file with what is there of it; its reading tells the sender what is missing."""
    if not take_anyway(sighting_id=int(case.subject_id)):
        return "The file is not there any more, or is complete now; nothing was done"
    return f"{case.data['name']} will be taken as it is at the next look"


def send_outbound_again(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Send the same bytes once more; the case closes when the receiver accepts them."""
    return f"{resend_file(file_id=UUID(case.subject_id)).name} will be sent again"


def close(case: Case, form: Mapping[str, str], reason: str, user: User) -> str:
    """Nothing more is to be done here."""
    resolve_case(case_id=case.pk, resolution=Resolution.DISCARDED, reason=reason)
    return "Closed"


CLOSE = CaseAction(name="close", label="Close with a reason", style="bad", run=close, needs_reason=True)
DISCARD = CaseAction(name="discard", label="Discard", style="bad", run=discard_order, needs_reason=True)
PLACE_AGAIN = CaseAction(
    name="place_again", label="Place it again", style="primary", run=place_order_again, needs_reason=False
)
SEND_AGAIN = CaseAction(
    name="send_again", label="Send the same file again", style="primary", run=send_outbound_again, needs_reason=False
)
TRY_NOW = CaseAction(name="try_now", label="Try it now", style="primary", run=try_mailbox_now, needs_reason=False)
_KINDS: tuple[tuple[str, str, int, str, tuple[CaseAction, ...]], ...] = (
    (
        "edi.mailbox_trouble", "Mailbox cannot be emptied", 3,
        "The sentence says what stands in the way: a folder that cannot be read, a server that does not answer, a "
        "sign-in or host key that was refused, a file that is too big. The files stay where they are and are taken as "
        "soon as they can be; the case then closes by itself.",
        (TRY_NOW, CLOSE),
    ),
    (
        "edi.delivery_trouble", "Files cannot be brought to the partner", 3,
        "Documents of ours wait here and are late at the partner. The sentence says why; correct our settings or ask "
        "the partner. Everything is sent in its order as soon as it can be; the case then closes by itself.",
        (TRY_NOW, CLOSE),
    ),
    (
        "edi.incomplete_file", "File without an end", 2,
        "The partner's upload was cut off or still goes on. Ask it to send the file again: a complete one is taken and "
        "the case closes by itself. Taken as it is, its reading tells the partner what is missing.",
        (CaseAction(name="take_anyway", label="Take it as it is", style="primary", run=take_file_as_it_is,
                    needs_reason=False),
         CLOSE),
    ),
    (
        "edi.as2_refused", "AS2 message refused", 3,
        "The partner was told why in its receipt: certificates, encryption or signature are not as agreed, or the "
        "content was changed. Correct our side or ask the partner, then let it send the same message again; it is "
        "judged anew and the case closes by itself.",
        (CLOSE,),
    ),
    (
        "edi.as2_id_reused", "AS2 Message-ID used twice", 3,
        "A Message-ID names one message for ever. The first content stands, the second was refused. The partner must "
        "send the second one again under a new Message-ID.",
        (CLOSE,),
    ),
    (
        "edi.as2_unknown", "AS2 names nobody agreed on", 2,
        "Somebody posts to our AS2 address under names that no mailbox has. If a partner is behind it, compare "
        "AS2-From and AS2-To with its mailbox; both are case-sensitive.",
        (CLOSE,),
    ),
    (
        "edi.as2_not_delivered", "Partner did not accept our AS2 message", 3,
        "Its receipt says why. Most often a certificate was changed on one side only. Correct it, then send the same "
        "file again: it leaves as a new message.",
        (SEND_AGAIN, CLOSE),
    ),
    (
        "edi.as2_receipt_missing", "AS2 receipt is missing", 2,
        "The partner's server took the message and no receipt came. Ask whether it has the file; sent again, it is the "
        "same message with the same Message-ID. The case closes by itself when the receipt comes.",
        (SEND_AGAIN, CLOSE),
    ),
    (
        "edi.too_big", "More than is taken at once", 3,
        "A partner sent more than its way takes, so it was refused while it came; its bytes are not here. Ask it to "
        "send smaller files, with fewer interchanges in each, or to use SFTP or our API, which take more than AS2. "
        "Close the case when the content came.",
        (CLOSE,),
    ),
    (
        "edi.certificate_ends", "Certificate ends soon", 2,
        "Exchange the next certificate with the partner now and store it in the back office with the date from which "
        "it is used. Old and new are both accepted until the old one ends; the case closes by itself.",
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
        (PLACE_AGAIN, DISCARD),
    ),
    (
        "edi.unusable_document", "Document cannot be followed", 2,
        "The document passed its 997 and means nothing that we know: an order we did not give, a shipment of somebody "
        "else, a number nobody announced, sums that differ. The sender was told where it takes 824s. Correct our side "
        "and follow it again, or ask the partner and discard it.",
        (replace(PLACE_AGAIN, name="follow_again", label="Follow it again", run=follow_again), DISCARD),
    ),
    (
        "edi.unreadable_change", "Change cannot be asked", 3,
        "The 860 passed its 997 and still changes nothing: its PO is not known here, or it does not say what of it is "
        "meant. Read each problem; ask the buyer; ask it again once our side was corrected, or do it by hand and "
        "discard it.",
        (replace(PLACE_AGAIN, label="Ask it again"), DISCARD),
    ),
    (
        "edi.refused_by_application", "Partner could not use our document", 3,
        "Our document passed the partner's 997 and its application refused it (824). Correct what the sentences name "
        "and tell the fact anew under a new number, or settle it with the partner: it may cost a chargeback.",
        (CLOSE,),
    ),
    (
        "edi.unsendable_invoice", "Invoice does not add up", 3,
        "The buyer would reject it, so it was not sent; no number was used. Have the ERP cancel and bill it anew, or "
        "build it again after our side was corrected.",
        (CaseAction(name="build_again", label="Build it again", style="primary", run=build_invoice_again,
                    needs_reason=False),
         CLOSE),
    ),
    (
        "edi.receipt_differs", "Warehouse received something else", 3,
        "Compare what was sent with what the warehouse received. Correct stock in the ERP, or claim with the carrier. "
        "The case closes by itself when a later receipt completes the transfer.",
        (CLOSE,),
    ),
    (
        "edi.rejected_by_partner", "Partner refused our document", 3,
        "The partner's 997 names segment and element. Unless it corrects its side and asks for the same file, the fact "
        "must reach it another way: an ASN or invoice that is missing costs a chargeback.",
        (replace(SEND_AGAIN, run=send_bytes_again, needs_reason=True), CLOSE),
    ),
    (
        "edi.ack_overdue", "997 is overdue", 2,
        "The file left and its 997 did not come. Ask the partner whether it has the file; if not, send the same file "
        "again. The case closes by itself when the 997 comes.",
        (replace(SEND_AGAIN, run=send_file_again), CLOSE),
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
register_scopes("partner", partner_scopes)
register_scope_finder("edi", scope_of_order)
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
