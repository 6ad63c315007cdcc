"""What partners say of what we sent: their 997s, 999s and TA1s settle our groups and documents."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.events.clock import database_now
from edi.choices import AckState, DocumentState
from edi.documents.fa997 import AckedSet, AckResult, read_997
from edi.documents.ia999 import read_999
from edi.models import Document, FunctionalGroup, Interchange, TradingPartner
from edi.process.storable import set_of, storable
from edi.process.troubles import end_overdue, tell_rejected_by_partner, tell_unmatched
from edi.queries.interchanges import our_group, our_interchange
from edi.x12.errors import MappingError
from edi.x12.tokens import Elements

_READERS = {"997": read_997, "999": read_999}
_STATES = {
    "A": AckState.ACCEPTED,
    "E": AckState.WITH_ERRORS,
    "P": AckState.WITH_ERRORS,
    "R": AckState.REJECTED,
}


def settle_acknowledgment(*, partner: TradingPartner, document: Document) -> None:
    """The group that a 997 or 999 answers, and each of its documents, is acknowledged; each rejection has a case."""
    try:
        result = _READERS[document.set_id](set_of(document))
    except MappingError as error:
        _close(document, DocumentState.FAILED, [str(p) for p in error.problems])
        tell_unmatched(partner, document, f"it cannot be understood: {error}")
        return
    group = our_group(partner=partner, functional_id=result.functional_id, control_number=result.group_control_number)
    if group is None:
        _close(document, DocumentState.FAILED, [])
        tell_unmatched(partner, document, f"we sent no group {result.functional_id} {result.group_control_number}")
        return
    _close(document, DocumentState.SETTLED, [])
    _settle_group(group, result.verdict, list(result.codes))
    for ours in group.documents.select_related("partner__account"):
        _settle_document(ours, result)


def settle_ta1(*, partner: TradingPartner, ta1: Elements, received_in: Interchange) -> None:
    """An interchange of ours that the partner refused is rejected with all that was in it; an accepted one awaits its
    997s.
    """
    number, verdict, code = (storable(ta1[at], 20) if at < len(ta1) else "" for at in (1, 4, 5))
    ours = our_interchange(partner=partner, control_number=number.zfill(9))
    if ours is None:
        tell_unmatched(partner, received_in, f"its TA1 answers ISA {number}, which we did not send")
        return
    if verdict != "R":
        return
    for group in ours.groups.all():
        _settle_group(group, "R", [code])
        for document in group.documents.select_related("partner__account"):
            _settle_one(document, "R", [f"The whole interchange was refused (TA105 {code})."])


def _close(document: Document, state: DocumentState, findings: list[str]) -> None:
    document.state = state
    document.findings = [*document.findings, *findings]
    document.save(update_fields=["state", "findings"])


def _settle_group(group: FunctionalGroup, verdict: str, codes: Sequence[str]) -> None:
    group.verdict, group.ack_state, group.acked_at = verdict, _STATES[verdict], database_now()
    group.save(update_fields=["verdict", "ack_state", "acked_at"])
    end_overdue(group.interchange_id)


def _settle_document(document: Document, result: AckResult) -> None:
    told = next((s for s in result.sets if _plain(s.control_number) == _plain(document.control_number)), None)
    if told is not None:
        _settle_one(document, told.verdict, _sentences(told))
    else:
        # Many partners name only what they refuse: what a partly accepted group does not name was accepted.
        _settle_one(document, "A" if result.verdict == "P" else result.verdict, [])


def _settle_one(document: Document, verdict: str, sentences: list[str]) -> None:
    document.ack_state, document.findings = _STATES[verdict], sentences
    document.save(update_fields=["ack_state", "findings"])
    if document.ack_state == AckState.REJECTED:
        tell_rejected_by_partner(document, sentences)


def _sentences(told: AckedSet) -> list[str]:
    found = []
    for error in told.errors:
        head = f"Segment {error.position} ({error.segment})"
        found += [
            f"{head}, element {at}: code {code}{f', value {bad!r}' if bad else ''}" for at, code, bad in error.elements
        ]
        if not error.elements:
            found.append(f"{head}: code {error.code}")
    return found + ([f"AK5 codes {', '.join(told.codes)}"] if told.codes else [])


def _plain(number: str) -> str:
    return number.strip().lstrip("0")
