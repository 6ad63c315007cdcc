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
from edi.process.looks import segments_of, understood
from edi.process.placing import discard_document, place_again
from edi.process.reprocessing import reprocess_document
from edi.process.sightings import take_anyway
from edi.queries.cases import evidence_of
from edi.queries.failing_links import failing_partners
from edi.queries.readers import READERS
from edi.queries.standings import documents_of, files_of
from edi.queries.words import partner_scopes, scope_of_order
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_case
from exceptions.queries.standings import by_their_cases
from exceptions.registry import (
    WITHIN_DAYS,
    CaseAction,
    CaseKind,
    Letter,
    Look,
    add_trouble_source,
    register_kind,
    register_look,
)
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
        "the mailbox can be emptied again",
        (TRY_NOW, CLOSE),
    ),
    (
        "edi.delivery_trouble", "Files cannot be brought to the partner", 3,
        "the files are brought to the partner",
        (TRY_NOW, CLOSE),
    ),
    (
        "edi.incomplete_file", "File without an end", 2,
        "a complete file comes",
        (CaseAction(name="take_anyway", label="Take it as it is", style="primary", run=take_file_as_it_is,
                    needs_reason=False),
         CLOSE),
    ),
    (
        "edi.as2_refused", "AS2 message refused", 3,
        "the partner sends it again correctly",
        (CLOSE,),
    ),
    (
        "edi.as2_id_reused", "AS2 Message-ID used twice", 3,
        "",
        (CLOSE,),
    ),
    (
        "edi.as2_unknown", "AS2 names nobody agreed on", 2,
        "",
        (CLOSE,),
    ),
    (
        "edi.as2_not_delivered", "Partner did not accept our AS2 message", 3,
        "the partner accepts it",
        (SEND_AGAIN, CLOSE),
    ),
    (
        "edi.as2_receipt_missing", "AS2 receipt is missing", 2,
        "the receipt comes",
        (SEND_AGAIN, CLOSE),
    ),
    (
        "edi.too_big", "More than is taken at once", 3,
        "",
        (CLOSE,),
    ),
    (
        "edi.certificate_ends", "Certificate ends soon", 2,
        "the old certificate ends and a new one is there",
        (CLOSE,),
    ),
    (
        "edi.unreadable_file", "File is not X12", 2,
        "",
        (CaseAction(name="read_again", label="Read it again", style="primary", run=read_file_again, needs_reason=False),
         CLOSE),
    ),
    (
        "edi.unknown_partner", "Sender is not a partner", 3,
        "its files are read again for a partner",
        (CaseAction(
            name="read_again", label="Read its files again", style="primary", run=read_sender_again, needs_reason=False
        ), CLOSE),
    ),
    (
        "edi.wrong_receiver", "Addressed to somebody else", 2,
        "",
        (CLOSE,),
    ),
    (
        "edi.rejected_interchange", "Interchange refused", 2,
        "",
        (CLOSE,),
    ),
    (
        "edi.duplicate_interchange", "Control number used twice", 3,
        "",
        (CLOSE,),
    ),
    (
        "edi.invalid_document", "Document refused by our 997", 2,
        "",
        (CLOSE,),
    ),
    (
        "edi.unsupported_set", "Set is not agreed", 2,
        "",
        (CLOSE,),
    ),
    (
        "edi.unreadable_order", "Order cannot be placed", 3,
        "the order is placed",
        (PLACE_AGAIN, DISCARD),
    ),
    (
        "edi.unusable_document", "Document cannot be followed", 2,
        "it is followed",
        (replace(PLACE_AGAIN, name="follow_again", label="Follow it again", run=follow_again), DISCARD),
    ),
    (
        "edi.unreadable_change", "Change cannot be asked", 3,
        "it is asked",
        (replace(PLACE_AGAIN, label="Ask it again"), DISCARD),
    ),
    (
        "edi.refused_by_application", "Partner could not use our document", 3,
        "",
        (CLOSE,),
    ),
    (
        "edi.unsendable_invoice", "Invoice does not add up", 3,
        "it is on its way",
        (CaseAction(name="build_again", label="Build it again", style="primary", run=build_invoice_again,
                    needs_reason=False),
         CLOSE),
    ),
    (
        "edi.receipt_differs", "Warehouse received something else", 3,
        "a later receipt completes the transfer",
        (CLOSE,),
    ),
    (
        "edi.rejected_by_partner", "Partner refused our document", 3,
        "",
        (replace(SEND_AGAIN, run=send_bytes_again, needs_reason=True), CLOSE),
    ),
    (
        "edi.ack_overdue", "997 is overdue", 2,
        "the 997 comes",
        (replace(SEND_AGAIN, run=send_file_again), CLOSE),
    ),
    (
        "edi.deadline_near", "Document has to leave soon", 2,
        "the document leaves",
        (CLOSE,),
    ),
    (
        "edi.deadline_missed", "Deadline missed", 3,
        "the document leaves",
        (CLOSE,),
    ),
    (
        "edi.unmatched_ack", "Acknowledgment of nothing", 1,
        "",
        (CLOSE,),
    ),
)  # fmt: skip
_DOCUMENTS = frozenset({"edi_document", "edi_due"})
for _name, _title_of_look, _subjects, _find in (
    ("raw", "Raw", _DOCUMENTS | {"order", "command"}, segments_of),
    ("parsed", "Parsed", _DOCUMENTS | {"order", "command"}, segments_of),
    ("mapped", "Mapped", _DOCUMENTS, understood),
):
    register_look(
        Look(
            name=_name,
            title=_title_of_look,
            subjects=_subjects,
            template=f"edi/ops/_look_{_name}.html",
            find=_find,
            readers=READERS,
        )
    )


_WAYS = {
    "edi.delivery_trouble": ("Transports", by_their_cases, "try_now", ""),
    "edi.mailbox_trouble": ("Transports", by_their_cases, "try_now", ""),
    "edi.as2_not_delivered": ("Transports", files_of, "send_again", ""),
    "edi.as2_receipt_missing": ("Transports", files_of, "send_again", ""),
    "edi.rejected_by_partner": ("EDI documents", by_their_cases, "send_again", ""),
    "edi.unreadable_file": ("EDI documents", by_their_cases, "", "read_again"),
    "edi.unknown_partner": ("EDI documents", by_their_cases, "", "read_again"),
    "edi.unreadable_order": ("EDI documents", documents_of, "", "place_again"),
    "edi.unreadable_change": ("EDI documents", documents_of, "", "place_again"),
    "edi.unusable_document": ("EDI documents", documents_of, "", "follow_again"),
    "edi.unsendable_invoice": ("EDI documents", by_their_cases, "", "build_again"),
}
"""Kind -> family, how it stands, and its actions for handing over again and for processing again."""
_LETTERS = {
    kind: Letter(
        family=family, look=look, redeliver=redeliver, reprocess=reprocess, at_once=kind == "edi.unsendable_invoice"
    )
    for kind, (family, look, redeliver, reprocess) in _WAYS.items()
}


def _partner_of(case: Case) -> tuple[str, str]:
    return "partner", str(case.data.get("partner", ""))


add_trouble_source(failing_partners)
register_scopes("partner", partner_scopes)
register_scope_finder("edi", scope_of_order)
for _kind, _title, _severity, _ends, _actions in _KINDS:
    register_kind(
        CaseKind(
            kind=_kind,
            title=_title,
            queue="edi",
            severity=_severity,
            ends=_ends,
            panel="edi/ops/_case.html",
            panel_context=panel,
            actions=_actions,
            cause=("account", "code"),
            agreed=WITHIN_DAYS if _kind == "edi.certificate_ends" else None,
            place=_partner_of if _kind in ("edi.mailbox_trouble", "edi.delivery_trouble") else None,
            letter=_LETTERS.get(_kind),
        )
    )
