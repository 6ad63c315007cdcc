"""Judges the leniencies that were used against those a partner is allowed."""

from __future__ import annotations

from edi.x12.leniency import MEANINGS, Leniency
from edi.x12.structure import Finding, Interchange, TransactionSet
from edi.x12.verdicts import ElementError, SegmentError

_OUTSIDE = "024"
"""TA105 of an odd segment that belongs to no set: the content of the interchange is wrong."""


def refuse_leniencies(interchange: Interchange, allowed: frozenset[Leniency]) -> list[Finding]:
    """The findings, with their TA105, for what the envelope needed and the partner is not allowed; none when all is.

    The caller adds them to `interchange.findings`. What stands inside of a set is judged by `validate_set`.
    """
    found = [
        Finding("interchange", used.code, f"{used.sentence.rstrip('.')}, which is not agreed")
        for used in interchange.used
        if used.code and used.name not in allowed
    ]
    for odd in interchange.oddities:
        if odd.name not in allowed:
            text = f"segment {odd.position}: {MEANINGS[odd.name].lower()}, which is not agreed"
            found.append(Finding("interchange", _OUTSIDE, text))
    return found


def odd_segments(tset: TransactionSet, allowed: frozenset[Leniency]) -> list[SegmentError]:
    """The errors of segments in a set that were read by a leniency the partner is not allowed.

    An id in lower case or with blanks is unknown (AK304 1); separators at the end are elements too many (AK403 3).
    """
    return [_error(tset, odd.name, odd.position, odd.element) for odd in tset.oddities if odd.name not in allowed]


def _error(tset: TransactionSet, name: Leniency, position: int, element: int) -> SegmentError:
    segment = tset.segments[position - 1].id
    text = f"{MEANINGS[name].lower()}, which is not agreed"
    if name is not Leniency.TRAILING_SEPARATORS:
        return SegmentError(segment, position, "", "1", text)
    place = f"{segment} has separators after its last element, which is not agreed"
    return SegmentError(segment, position, "", "8", text, (ElementError(element, 0, "", "3", "", place),))
