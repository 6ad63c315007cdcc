"""What one bad set means for those that came with it: verdicts in, verdicts as the agreement wants them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from edi.x12.structure import Finding, Group, TransactionSet
from edi.x12.verdicts import ElementError, SegmentError, SetVerdict

ErrorPolicy = Literal["reject_interchange", "reject_group", "reject_set", "accept_with_errors"]
CttPolicy = Literal["ignore", "note", "refuse"]
PolicyOf = Callable[[str], str]
"""Set (ST01) -> one of the policies."""

_IN_ERROR = "5"
"""AK502: one or more segments in error, the only code that can be lived with; all others are of the envelope."""
_LINES = {"850": "PO1", "860": "POC", "855": "PO1", "810": "IT1"}
"""Set -> the segment that its CTT01 counts (X12 element 354)."""


def apply_set_policy(verdict: SetVerdict, policy: str) -> SetVerdict:
    """The verdict over one set; with `accept_with_errors` bad segments are told (AK5 E) and the set is taken.

    Never taken: a set whose envelope is wrong, or that could not be checked.
    """
    bearable = set(verdict.codes) == {_IN_ERROR} and not verdict.failure and not verdict.envelope
    if policy == "accept_with_errors" and verdict.verdict == "R" and bearable:
        return replace(verdict, verdict="E", codes=())
    return verdict


def apply_group_policy(verdicts: Sequence[SetVerdict], policy_of: PolicyOf) -> list[SetVerdict]:
    """The verdicts over the sets of one group: a bad set that takes its group with it has all refused (AK5 R 5)."""
    bad = next((v for v in verdicts if not v.accepted and policy_of(v.set_id) == "reject_group"), None)
    if bad is None:
        return list(verdicts)
    told = f"it came with the bad set {bad.control_number}, and its group stands or falls as one"
    return [replace(v, verdict="R", codes=(_IN_ERROR,), envelope=(told,)) if v.accepted else v for v in verdicts]


def interchange_refusal(
    groups: Sequence[Group], verdicts: Sequence[Sequence[SetVerdict]], policy_of: PolicyOf
) -> Finding | None:
    """Why the whole interchange is refused (TA105 024), if a bad set or group of it takes everything with it."""
    for group, judged in zip(groups, verdicts, strict=True):
        for at, tset in enumerate(group.sets):
            bad = group.rejected or not judged[at].accepted
            if bad and policy_of(tset.st01) == "reject_interchange":
                text = f"the set {tset.st02!r} ({tset.st01}) has errors, and its interchange stands or falls as one"
                return Finding("interchange", "024", text)
    return None


def apply_ctt_policy(tset: TransactionSet, verdict: SetVerdict, policy: str) -> SetVerdict:
    """The verdict over a set whose CTT01 may count other than the lines that came; `refuse` rejects it (AK403 7)."""
    found = _miscount(tset) if policy == "refuse" else None
    if found is None:
        return verdict
    errors = tuple(sorted((*verdict.errors, found), key=lambda error: error.position))
    codes = verdict.codes if _IN_ERROR in verdict.codes else (*verdict.codes, _IN_ERROR)[:5]
    return replace(verdict, verdict="R", codes=codes, errors=errors)


def _miscount(tset: TransactionSet) -> SegmentError | None:
    lines = sum(segment.id == _LINES.get(tset.st01) for segment in tset.segments)
    for position, segment in enumerate(tset.segments, 1):
        said = segment.get(1).strip()
        if segment.id == "CTT" and tset.st01 in _LINES and said.isdecimal() and int(said) != lines:
            text = f"CTT01 counts {said} lines, {lines} came"
            element = ElementError(1, 0, "354", "7", said, text)
            return SegmentError("CTT", position, "", "8", text, (element,))
    return None
