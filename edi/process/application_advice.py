"""824: tell a partner that its document passed the 997 and still could not be used, or read what it says of ours."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.choices import DocumentState
from edi.documents.aa824 import Advice, AdvisedDocument, read_824, write_824
from edi.models import Document, TradingPartner
from edi.process.outbound import Outgoing, send_set
from edi.process.storable import set_of, storable
from edi.process.troubles import tell_refused_by_application, tell_unmatched
from edi.queries.advice import advised_document
from edi.queries.agreements import wants
from edi.x12.errors import MappingError, Problem

_NAMES = {"850": ("PO", "BEG", 3), "860": ("PO", "BCH", 3), "820": ("TN", "TRN", 2), "812": ("CM", "BCD", 2),
          "180": ("RZ", "BGN", 2)}  # fmt: skip
"""Set -> the kind of its business number (X12 element 128), and where it stands."""
_REFUSED = ("rejected", "partial")
"""Verdicts that leave something for a person: what the partner did not take must reach it another way."""
_WORDS = {
    "accepted": "accepted",
    "changed": "accepted with changes",
    "with_errors": "accepted with errors",
    "partial": "used in part",
    "rejected": "not used",
}


@transaction.atomic
def advise_partner(*, document: Document, problems: Sequence[Problem | str]) -> Document | None:
    """The 824 that rejects an inbound document, once; None where the partner waits for none."""
    if not wants(document.partner, "824"):
        return None
    group = document.group
    qualifier, reference = _name_of(document)
    about = AdvisedDocument(
        set_id=document.set_id,
        group_control_number=group.control_number if group else "",
        set_control_number=document.control_number,
        reference=reference,
        qualifier=qualifier,
        version=group.release if group else "",
    )
    body = write_824(
        about,
        problems,
        number=str(document.pk)[:8].upper() + f"-{document.control_number}",
        on=site_day(database_now()),
    )
    key = f"824:{document.pk}"
    return send_set(partner=document.partner, outgoing=Outgoing(set_id="824", business_key=key, body=body))


def settle_824(*, partner: TradingPartner, document: Document) -> None:
    """Each document of ours that the advice names is done or, rejected, has one case; the rest is noted on it."""
    try:
        advices = read_824(set_of(document))
    except MappingError as error:
        _close(document, DocumentState.FAILED, [str(problem) for problem in error.problems])
        tell_unmatched(partner, document, f"it cannot be understood: {error}")
        return
    notes, missed = [], []
    for advice in advices:
        ours = advised_document(
            partner=partner,
            set_id=advice.set_id,
            group_number=advice.group_control_number,
            set_number=advice.set_control_number,
            qualifier=advice.qualifier,
            reference=advice.reference,
        )
        if ours is None:
            missed.append(f"we sent no {advice.set_id or 'document'} {advice.reference or advice.set_control_number}")
        else:
            notes.append(_settle(ours, advice))
    if missed:
        tell_unmatched(partner, document, "; ".join(missed[:10]))
    _close(document, DocumentState.FAILED if missed and not notes else DocumentState.SETTLED, [*notes, *missed])


def _settle(ours: Document, advice: Advice) -> str:
    rejected = advice.verdict in _REFUSED
    word = _WORDS[advice.verdict]
    told = [f"824: {word} by {ours.partner.name}", *advice.sentences]
    ours.findings = [*ours.findings, *(storable(text, 500) for text in told)]
    if rejected:
        ours.state = DocumentState.FAILED
    elif ours.state == DocumentState.BUILT:
        ours.state = DocumentState.SETTLED
    ours.save(update_fields=["state", "findings"])
    if rejected:
        tell_refused_by_application(ours, advice.sentences)
    return f"{ours}: {word}"


def _close(document: Document, state: DocumentState, findings: Sequence[str]) -> None:
    document.state = state
    document.findings = [*document.findings, *(storable(text, 500) for text in findings)]
    document.save(update_fields=["state", "findings"])


def _name_of(document: Document) -> tuple[str, str]:
    """The business number of a document as its sender wrote it, else its set control number."""
    qualifier, segment, at = _NAMES.get(document.set_id, ("TN", "", 0))
    row = next((row for row in document.segments if row and row[0] == segment and len(row) > at), None)
    value = str(row[at]).strip() if row else ""
    return (qualifier, value[:30]) if value else ("TN", document.control_number)
