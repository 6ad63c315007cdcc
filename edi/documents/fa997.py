"""Inbound 997: what a partner says about a group we sent. A 999 says the same in other words (`ia999`)."""

from __future__ import annotations

from dataclasses import dataclass

from edi.documents.values import Reader
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment


@dataclass(frozen=True, slots=True)
class AckError:
    """One AK3 with its AK4: segment, position in the set, AK304, and (element position, AK403, bad value) of each."""

    segment: str
    position: int
    code: str
    elements: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AckedSet:
    """One AK2 to AK5; `verdict` A, E or R as sent, M, W and X (security) are read as R."""

    set_id: str
    control_number: str
    verdict: str
    codes: tuple[str, ...] = ()
    errors: tuple[AckError, ...] = ()


@dataclass(frozen=True, slots=True)
class AckResult:
    """One 997: the group it answers and the verdicts. Sets it does not name share the verdict of the group."""

    functional_id: str
    group_control_number: str
    verdict: str
    declared: int
    received: int
    accepted: int
    codes: tuple[str, ...]
    sets: tuple[AckedSet, ...]


def read_997(tset: TransactionSet) -> AckResult:
    """The answer in one valid 997. Raises MappingError when it names no group or gives no verdict."""
    return read_acknowledgment(tset, prefix="AK")


def read_acknowledgment(tset: TransactionSet, *, prefix: str) -> AckResult:
    """The answer in a 997 (`prefix` AK) or a 999 (IK: its segments 3, 4 and 5). Raises MappingError as `read_997`."""
    reader = Reader()
    segments = list(enumerate(tset.segments, 1))
    ak1 = next(((s, n) for n, s in segments if s.id == "AK1"), None)
    ak9 = next(((s, n) for n, s in segments if s.id == "AK9"), None)
    if ak1 is None:
        reader.problem("AK1", 2, 0, "The acknowledgment names no group (AK1).")
    if ak9 is None:
        reader.problem("AK9", len(segments), 0, "The acknowledgment gives no verdict (AK9).")
    if ak1 is None or ak9 is None:
        raise reader.failure()
    functional_id = reader.text(*ak1, 1, "functional id")
    number = reader.text(*ak1, 2, "group control number")
    verdict = reader.text(*ak9, 1, "verdict")
    declared, received, accepted = (int(reader.number(*ak9, n, "count") or 0) for n in (2, 3, 4))
    if reader.problems:
        raise reader.failure()
    codes = tuple(filter(None, ak9[0].elements[5:10]))
    plain_number = number.lstrip("0") or "0"
    return AckResult(
        functional_id=functional_id,
        group_control_number=plain_number,
        verdict=_verdict(verdict),
        declared=declared,
        received=received,
        accepted=accepted,
        codes=codes,
        sets=tuple(_sets(tset.segments, prefix)),
    )


def _verdict(code: str) -> str:
    return code if code in ("A", "E", "P", "R") else "R"


def _sets(segments: list[Segment], prefix: str) -> list[AckedSet]:
    found: list[AckedSet] = []
    head: Segment | None = None
    errors: list[AckError] = []
    for segment in segments:
        if segment.id == "AK2":
            head, errors = segment, []
        elif segment.id == f"{prefix}3":
            errors.append(AckError(segment.get(1), _int(segment.get(2)), segment.get(4)))
        elif segment.id == f"{prefix}4" and errors:
            last = errors[-1]
            position = _int("".join(c if c.isdecimal() else " " for c in segment.get(1)).split(" ")[0])
            detail = (position, segment.get(3), segment.get(4))
            errors[-1] = AckError(last.segment, last.position, last.code, (*last.elements, detail))
        elif segment.id == f"{prefix}5" and head is not None:
            codes = tuple(filter(None, segment.elements[2:7]))
            found.append(AckedSet(head.get(1), head.get(2), _verdict(segment.get(1)), codes, tuple(errors)))
            head = None
    return found


def _int(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 10 else 0
