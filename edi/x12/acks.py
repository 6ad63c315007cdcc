"""Functional (997), implementation (999) and interchange acknowledgments (TA1) of what we received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from edi.x12.cleaning import clean_value
from edi.x12.errors import WriteError
from edi.x12.structure import Group, Interchange
from edi.x12.tokens import COMPONENT, Delimiters, Elements
from edi.x12.verdicts import ElementError, SegmentError, SetVerdict

_MOST_ELEMENTS = 99
_NO_DELIMITERS = Delimiters("", "", "")
_CODES_WITH_VALUE = frozenset({"4", "5", "6", "7", "8", "9", "12", "13"})


_SITUATION = "SITUATIONAL TRIGGER"
"""CTX01: the element is wrong because of another one in its segment (X12 999, relational conditions)."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The segment ids in which a 997 and a 999 differ, and whether the other element of a broken rule is told."""

    segment: str
    element: str
    verdict: str
    context: bool = False


_997 = _Words("AK3", "AK4", "AK5")
_999 = _Words("IK3", "IK4", "IK5", context=True)


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """AK9 of one group: P when some sets were accepted and some not, E when all were but some with errors."""

    functional_id: str
    control_number: str
    version: str
    verdict: Literal["A", "E", "P", "R"]
    declared: int
    received: int
    accepted: int
    codes: tuple[str, ...] = ()


def group_verdict(group: Group, verdicts: Sequence[SetVerdict]) -> GroupVerdict:
    """The verdict over a group from those of its sets; a group with findings of its own is refused whole."""
    received = max(group.received, len(group.sets))
    declared = received if group.declared_sets is None else min(group.declared_sets, 999_999)
    accepted = 0 if group.rejected else sum(v.accepted for v in verdicts)
    codes = tuple(dict.fromkeys(f.code for f in group.findings))[:5]
    verdict: Literal["A", "E", "P", "R"]
    if accepted == 0 and (received or group.rejected):
        verdict = "R"
    elif accepted < received:
        verdict = "P"
    else:
        verdict = "E" if any(v.verdict == "E" for v in verdicts) else "A"
    return GroupVerdict(
        group.functional_id, group.control_number, group.version, verdict, declared, received, accepted, codes
    )


def render_997(group: Group, verdicts: Sequence[SetVerdict], *, all_sets: bool = True) -> list[Elements]:
    """The body of the 997 for one group, AK1 to AK9; `all_sets` tells accepted sets too.

    A refused group is answered by AK1 and AK9 alone. Raises WriteError for a group of acknowledgments: a 997 is never
    answered.
    """
    return _render(group, verdicts, _997, newer=group.release == "005010", all_sets=all_sets)


def render_999(group: Group, verdicts: Sequence[SetVerdict], *, all_sets: bool = True) -> list[Elements]:
    """The body of the 999 for one group, AK1 to AK9, with IK3, CTX, IK4 and IK5 where a 997 has AK3 to AK5.

    Raises WriteError for a group of acknowledgments, and for one of another release: the 999 exists in 005010 alone.
    """
    if group.release != "005010":
        raise WriteError(f"A group of the release {group.version!r} is answered by a 997: the 999 belongs to 005010.")
    return _render(group, verdicts, _999, newer=True, all_sets=all_sets)


def render_ta1(interchange: Interchange) -> Elements:
    """The TA1 that answers an interchange: A, or R with the code of its first finding (X12 TA105)."""
    verdict = "R" if interchange.rejected else "A"
    number = _number(interchange.control_number).zfill(9)[-9:]
    return ["TA1", number, interchange.date, interchange.time, verdict, interchange.ta1_code]


def _render(
    group: Group, verdicts: Sequence[SetVerdict], words: _Words, *, newer: bool, all_sets: bool
) -> list[Elements]:
    if group.functional_id == "FA":
        raise WriteError("A functional acknowledgment is never answered with another one.")
    result = group_verdict(group, verdicts)
    ak1 = ["AK1", _code(group.functional_id, 2, 2), _number(group.control_number)]
    body = [[*ak1, group.version[:12]] if newer else ak1]
    if not group.rejected:
        for verdict in verdicts:
            if all_sets or verdict.verdict != "A":
                body += _set(verdict, words, newer=newer)
    counts = [str(result.declared), str(result.received), str(result.accepted)]
    body.append(["AK9", result.verdict, *counts, *result.codes])
    return body


def _set(verdict: SetVerdict, words: _Words, *, newer: bool) -> Iterable[Elements]:
    ak2 = ["AK2", _code(verdict.set_id, 3, 3), _code(verdict.control_number, 4, 9)]
    yield [*ak2, verdict.implementation[:35]] if newer and verdict.implementation else ak2
    for error in verdict.errors:
        yield from _segment(error, words)
    yield [words.verdict, verdict.verdict, *verdict.codes]


def _segment(error: SegmentError, words: _Words) -> Iterable[Elements]:
    segment, position = _code(error.segment, 2, 3), str(error.position)
    yield [words.segment, segment, position, error.loop, error.code]
    for element in error.elements[:_MOST_ELEMENTS]:
        yield _element(element, words)
        if words.context and element.trigger:
            yield ["CTX", _SITUATION, segment, position, error.loop, str(element.trigger)]


def _element(error: ElementError, words: _Words) -> Elements:
    place = f"{error.position}{COMPONENT}{error.component}" if error.component else str(error.position)
    reference = error.reference if error.reference.isdecimal() else ""
    value = clean_value(error.value.strip(), _NO_DELIMITERS)[:99] if error.code in _CODES_WITH_VALUE else ""
    return [words.element, place, reference, error.code, value]


def _code(text: str, shortest: int, longest: int) -> str:
    """The text as it came when it may stand in our answer, else what of it may, filled up with Z."""
    if shortest <= len(text) <= longest and text.isascii() and text.isalnum():
        return text
    return "".join(c for c in text if c.isascii() and c.isalnum())[:longest].ljust(shortest, "Z")


def _number(text: str) -> str:
    digits = "".join(c for c in text if c.isdecimal() and c.isascii())[:9]
    return digits or "0"
